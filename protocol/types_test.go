package protocol

import (
	"os"
	"testing"
)

func TestTheClientsTypesAreUpToDate(t *testing.T) {
	got, err := os.ReadFile("../web/src/protocol.ts")
	if err != nil {
		t.Fatal(err)
	}
	if want := TypeScript(); string(got) != want {
		t.Fatal("web/src/protocol.ts is not what the Go types say: run make protocol")
	}
}
