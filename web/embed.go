// Package web holds the built client inside the binary. It is not the server of it: compression,
// headers and caching are the server's. Only cmd/astara imports it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files gives what `npm run build` made: index.html, hashed assets, and a .br and a .gz beside each
// file that is worth compressing. Without a build it holds only .keep.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is a constant: fs.Sub refuses only malformed ones
	}
	return files
}
