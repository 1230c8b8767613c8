# make run    builds everything and starts a node with a sample consultation on http://localhost:8080
# make test   everything that is tested, under 25 minutes on two cores
# Both install what they need; the second time they are quick.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test build binary client e2e pictures protocol clean go node go-packages browser-packages \
	test-packets test-go test-nodes test-postgres test-client test-browser peers

DATA ?= data
# A checkout that git will not talk about (another owner, an archive) is built without its revision.
VCS := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo -buildvcs=auto || echo -buildvcs=false)
# Every step compiles with the same flags, so that each package is compiled twice, with the race detector and without, and not once more for its paths.
export GOFLAGS := $(filter-out -trimpath,$(shell go env GOFLAGS 2>/dev/null)) -trimpath
CLIENT := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
GOFILES := find . -name '*.go' -not -path '*/node_modules/*'

help:
	@sed -n '1,/^$$/s/^# //p' Makefile
	@echo 'make build  the binary at bin/astara'
	@echo 'make e2e SPEC=name  one browser story of tests/browser/stories; lips, switches and delay measure, and are run so only'
	@echo 'make rig SCENARIO=name  a node and real people on lines that lose, delay, narrow and break; without a name all of them'
	@echo 'make peers PEERS_SCENARIO="names"  this server and LiveKit side by side, by the same people; without names all of them'
	@echo 'make protocol  the TypeScript types of the messages'
	@echo 'make clean  removes what was built, not $(DATA)'

# ---- run ------------------------------------------------------------------------------------------------------------

# The links are shown only when they are issued, so they are kept beside the sample that they belong to: for the day that
# the sample is for. After it a new sample is made.
run: build
	@if [ -z "$$(find '$(DATA)/sample.txt' -mmin -1200 2>/dev/null)" ]; then \
		umask 077; mkdir -p '$(DATA)'; \
		bin/astara sample --sign-in --data '$(DATA)' >'$(DATA)/sample.new'; \
		mv '$(DATA)/sample.new' '$(DATA)/sample.txt'; \
	fi
	@cat '$(DATA)/sample.txt'
	@exec bin/astara serve --data '$(DATA)'

# ---- build ----------------------------------------------------------------------------------------------------------

# The client is inside of the binary, so it comes first, also with make -j.
build: client
	@$(MAKE) --no-print-directory binary

binary: go
	@go build $(VCS) -o bin/astara ./cmd/astara

client: web/dist/index.html

web/dist/index.html: web/node_modules/.installed $(CLIENT)
	@cd web && npm run --silent build -- --logLevel warn
	@touch $@

web/node_modules/.installed: web/package-lock.json | node
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tests/browser/node_modules/.installed: tests/browser/package-lock.json | node
	@cd tests/browser && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

protocol: go
	go run ./protocol/write web/src/protocol.ts

clean:
	rm -rf bin web/node_modules tests/browser/node_modules tests/browser/output
	find web/dist -mindepth 1 -not -name .keep -delete

# ---- test -----------------------------------------------------------------------------------------------------------

step = @printf '\n== %s\n' '$(1)'; began=$$SECONDS; { $(2); }; printf '   %s: %d s\n' '$(1)' $$((SECONDS - began))

test:
	@began=$$SECONDS; $(MAKE) --no-print-directory --jobs=2 --output-sync=target test-packets test-go; \
	$(MAKE) --no-print-directory test-nodes; \
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-postgres test-client; \
	$(MAKE) --no-print-directory test-browser; printf '\n== everything passed: %d s\n' $$((SECONDS - began))

# Tests that count packets wait for them nine tenths of their time. They run one package at a time, and what compiles and computes beside them gets only
# what they leave, being nice. Compiled first, by both cores: -p is for that too.
PACKETS := ./room ./media/...
test-packets: go go-packages
	$(call step,go test -race: packets,go list -race -test -deps -export $(PACKETS) >/dev/null; go test -race -vet=off -p 1 $(PACKETS))

# The packages whose tests take longest begin first, so that none is left running alone at the end. What `go test` would vet of itself, `go vet` has
# vetted just before, and more.
LONG := ./meeting ./store ./record ./cmd/astara
test-go: go go-packages
	$(call step,gofmt,bad=$$($(GOFILES) -exec gofmt -l {} +); [ -z "$$bad" ] || { echo "gofmt would change: $$bad"; exit 1; })
	$(call step,go vet,nice -n 19 go vet ./...)
	$(call step,staticcheck,nice -n 19 go tool staticcheck ./...)
	$(call step,go test -race,nice -n 19 go test -race -vet=off $(LONG) $$(go list ./... | grep -vxFf <(go list ./tests $(PACKETS))))

# Nodes and bots run alone: they measure what is lost, and two cores lose packets when compilers run beside them.
test-nodes: go go-packages
	$(call step,nodes and bots,go test -race -vet=off ./tests)

# Beside the client's checks: neither of the two looks at a clock.
test-postgres: go go-packages
	$(call step,the same on PostgreSQL,tests/postgres.sh go test -vet=off ./store ./auth ./server ./cmd/astara; \
		tests/postgres.sh go test -vet=off -run 'Killed|OutlivesKill|Links' ./tests)

test-client: web/node_modules/.installed
	$(call step,client: types,cd web && npm run --silent check)
	$(call step,client: tests and words of four languages,cd web && npm run --silent test)
	$(call step,client: build and budget,$(MAKE) --no-print-directory client && cd web && npm run --silent budget)

test-browser: build tests/browser/node_modules/.installed browser-packages
	$(call step,browser stories,node tests/browser/run.mjs)

e2e: build tests/browser/node_modules/.installed browser-packages
	@node tests/browser/run.mjs $(SPEC)

# The pictures of the README, taken from a consultation of drawn people.
pictures: build tests/browser/node_modules/.installed browser-packages
	@node tests/browser/pictures.mjs

# Ten minutes, alone on the machine: it measures. Network namespaces need root; without them it says so and ends.
rig: build tests/browser/node_modules/.installed browser-packages
	@ASTARA_BINARY='$(abspath bin/astara)' go test -count=1 -timeout 30m -v -run 'TestScenarios$(if $(SCENARIO),/^$(SCENARIO)$$)' ./tests/rig -scenarios

# Twenty-five minutes, alone on the machine: it measures. LiveKit is built from its module, the newest whose own needs are all served as modules; the load
# generator is a module of its own (tests/peers), which go test ./... does not see: its tests are run here.
LIVEKIT := v1.9.11
peers: binary bin/livekit-$(LIVEKIT)
	@go test -C tests/peers .
	@go build -C tests/peers -trimpath -o '$(abspath bin/peers)' .
	@exec bin/peers -livekit 'bin/livekit-$(LIVEKIT)' -scenario '$(PEERS_SCENARIO)' -turns '$(or $(PEERS_TURNS),3)' -json bin/peers.json

bin/livekit-$(LIVEKIT): | go
	@dir=$$(go mod download -json github.com/livekit/livekit-server@$(LIVEKIT) 2>/dev/null | sed -n 's/.*"Dir": "\(.*\)".*/\1/p') || true; \
	[ -n "$$dir" ] && go build -C "$$dir" -trimpath -o '$(abspath $@)' ./cmd/server || \
		{ echo 'LiveKit $(LIVEKIT) cannot be built here: "go mod download github.com/livekit/livekit-server@$(LIVEKIT)" says why'; exit 1; }

# ---- what the machine must have -------------------------------------------------------------------------------------

go:
	@command -v go >/dev/null || { echo 'Astara needs Go 1.26 or newer: https://go.dev/dl'; exit 1; }
	@go version >/dev/null 2>&1 && [ "$$(go env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/')" -ge 26 ] || \
		{ echo "Astara needs Go 1.26 or newer, and this is $$(GOTOOLCHAIN=local go env GOVERSION): https://go.dev/dl"; exit 1; }

node:
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'Astara needs Node.js 20 or newer with npm: https://nodejs.org'; exit 1; }
	@[ "$$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || { echo "Astara needs Node.js 20 or newer, and this is $$(node --version)"; exit 1; }

# $(call packages,what for,missing ones): installs Debian packages as root, else says in one sentence what to do.
packages = missing="$(2)"; missing=$$(echo $$missing); [ -z "$$missing" ] || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $$missing >/dev/null; \
	else echo "$(1) need what is missing here; as root: apt-get install $$missing"; exit 1; fi

# The race detector is linked by a C compiler. With LibreOffice (86 MB) the office documents are opened and read back; without it those tests say that
# they were not run.
go-packages:
	@$(call packages,The tests,$$(command -v cc >/dev/null || echo gcc libc6-dev) $$(ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || echo postgresql) $$(command -v ffmpeg >/dev/null || echo ffmpeg) $$(command -v openssl >/dev/null || echo openssl))
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then ( $(call packages,The office documents,$$(command -v soffice >/dev/null || echo libreoffice-writer-nogui) \
		$$(command -v pdftotext >/dev/null || echo poppler-utils)) ) || true; fi

browser-packages:
	@$(call packages,The browser tests,$$(command -v chromium >/dev/null || echo chromium) \
		$$(command -v ffmpeg >/dev/null || echo ffmpeg) $$(command -v espeak-ng >/dev/null || echo espeak-ng) \
		$$([ -n "$$(find /usr/share/fonts -iname 'NotoSansArabic*' -o -iname 'NotoNaskhArabic*' 2>/dev/null | head -1)" ] || echo fonts-noto-core))
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then ( $(call packages,The Firefox story,$$(command -v firefox-esr >/dev/null || echo firefox-esr) \
		$$(command -v pulseaudio >/dev/null || echo pulseaudio)) ) || true; fi # without it that story says that it is not run
