package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"astara/store/storetest"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"astara": main}) }

// TestScripts runs what a person could have typed.
func TestScripts(t *testing.T) { testscript.Run(t, testscript.Params{Dir: "testdata"}) }

// TestScriptsOfPostgres is that with a PostgreSQL server, whose empty database is $POSTGRES.
func TestScriptsOfPostgres(t *testing.T) {
	storetest.Only(t, true) // the scripts move a record to a server and back
	database := storetest.Database(t)
	testscript.Run(t, testscript.Params{Dir: "testdata/postgres", Setup: func(e *testscript.Env) error {
		e.Setenv("POSTGRES", database)
		return nil
	}})
}
