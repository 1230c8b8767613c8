// Package astara_test keeps the plan of the house: which package may import which, and where an outside library lives.
package astara_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// plan: a package, which of ours it may import, and which outside libraries it may use. A name that ends in "/..." means
// the folder and all below it. Arrows go down only; packages of one row do not import each other.
// Tests are free to use more, except that meeting's too stay pure.
var plan = []struct {
	pkg     string
	ours    string
	outside string
}{
	{"meeting", "", ""},
	{"media", "", "pion golang.org/x/sys golang.org/x/crypto"},
	{"media/caller", "media", "pion"},
	{"media/recorder", "media", "pion github.com/at-wat/ebml-go"},
	{"media/bench", "media media/caller", "pion golang.org/x/sys golang.org/x/sync"},
	{"paper", "meeting", ""},
	{"protocol", "meeting", ""},
	{"protocol/write", "protocol", ""},
	{"auth", "meeting", "webauthn"},
	{"record", "meeting", "golang.org/x/mod golang.org/x/text"},
	{"store", "meeting record auth", "modernc.org/sqlite github.com/jackc/pgx"},
	{"store/storetest", "", "github.com/jackc/pgx"},
	{"library", "", "tus minio bluemonday pdfium golang.org/x/exp golang.org/x/net golang.org/x/text"},
	{"post", "meeting record paper", "mail"},
	{"room", "meeting media media/recorder protocol", "golang.org/x/sync"},
	{"server", "meeting room protocol auth record library paper", "websocket prometheus ical golang.org/x/time golang.org/x/sync golang.org/x/net"},
	{"web", "", ""},
	{"cmd/astara", "meeting media media/caller media/recorder media/bench protocol record auth store room post server library web", "toml golang.org/x/sync golang.org/x/crypto"},
	{"tests", "", ""},
	{"tests/rig", "", "golang.org/x/sys"},
}

// families are several modules under one name of the plan.
var families = map[string][]string{
	"pion":       {"github.com/pion/"},
	"webauthn":   {"github.com/go-webauthn/webauthn"},
	"websocket":  {"github.com/coder/websocket"},
	"prometheus": {"github.com/prometheus/"},
	"mail":       {"github.com/wneessen/go-mail"},
	"ical":       {"github.com/arran4/golang-ical"},
	"toml":       {"github.com/BurntSushi/toml"},
	"tus":        {"github.com/tus/tusd/v2"},
	"minio":      {"github.com/minio/minio-go/v7"},
	"bluemonday": {"github.com/microcosm-cc/bluemonday"},
	"pdfium":     {"github.com/klippa-app/go-pdfium", "github.com/tetratelabs/wazero"},
}

type listed struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestImportPlan(t *testing.T) {
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, "astara/")
		if p.ImportPath == "astara" { // this test
			continue
		}
		i := slices.IndexFunc(plan, func(r struct{ pkg, ours, outside string }) bool { return r.pkg == name })
		if i < 0 {
			t.Errorf("package %s is not in the plan: what may it import, and who may import it?", name)
			continue
		}
		row := plan[i]
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, "astara/"); ok {
				if !slices.Contains(strings.Fields(row.ours), ours) {
					t.Errorf("%s imports %s of ours, want only %q", name, ours, row.ours)
				}
			} else if !standard(imp) && !allowed(row.outside, imp) {
				t.Errorf("%s imports %s, want only %q: an outside library has one home", name, imp, row.outside)
			}
		}
		if name == "meeting" {
			for _, imp := range slices.Concat(p.TestImports, p.XTestImports) {
				if !standard(imp) && imp != "astara/meeting" {
					t.Errorf("a test of meeting imports %s: the rules are tested with the standard library alone", imp)
				}
			}
		}
	}
}

// TestPureMeeting: no clock, network, file or lock reaches the rules.
func TestPureMeeting(t *testing.T) {
	impure := []string{"os", "net", "net/http", "sync", "sync/atomic", "context", "log", "log/slog", "database/sql", "io/fs", "math/rand", "math/rand/v2", "crypto/rand"}
	for _, p := range list(t) {
		if p.ImportPath != "astara/meeting" {
			continue
		}
		for _, imp := range p.Imports {
			if slices.Contains(impure, imp) {
				t.Errorf("meeting imports %s: it would no longer be a pure function of its commands", imp)
			}
		}
	}
}

// TestNoPackageVariables: two nodes must live in one process. Errors, embedded files and what is listed here are never written.
func TestNoPackageVariables(t *testing.T) {
	constant := []string{"media.onePad"}
	for _, p := range list(t) {
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok || g.Tok != token.VAR {
					continue
				}
				for _, s := range g.Specs {
					v := s.(*ast.ValueSpec)
					if x, ok := v.Type.(*ast.SelectorExpr); ok && x.Sel.Name == "FS" {
						continue
					}
					for _, n := range v.Names {
						if n.Name != "_" && !strings.HasPrefix(strings.ToLower(n.Name), "err") && !slices.Contains(constant, f.Name.Name+"."+n.Name) {
							t.Errorf("%s/%s: package variable %s", strings.TrimPrefix(p.ImportPath, "astara/"), name, n.Name)
						}
					}
				}
			}
		}
	}
}

func allowed(outside, imp string) bool {
	for _, lib := range strings.Fields(outside) {
		prefixes := families[lib]
		if prefixes == nil {
			prefixes = []string{lib}
		}
		for _, prefix := range prefixes {
			if imp == strings.TrimSuffix(prefix, "/") || strings.HasPrefix(imp, strings.TrimSuffix(prefix, "/")+"/") {
				return true
			}
		}
	}
	return false
}

func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".")
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}
