// Command write puts the client's types where the client reads them: go run ./protocol/write web/src/protocol.ts
package main

import (
	"fmt"
	"os"

	"astara/protocol"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: write FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], []byte(protocol.TypeScript()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
