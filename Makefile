# TaskNet. `make` lists what can be made. The tests' own steps are in .ci/test.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export CGO_ENABLED := 0

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)

# Folders are named too: a removed file changes only its folder's time.
WEB_SOURCES := $(shell find web/src web/public web/scripts 2>/dev/null) web/index.html web/vite.config.ts web/vite.exit.config.mjs web/vite.sw.config.mjs web/tsconfig.json

##@ Use

.PHONY: run
run: ## build everything and start a server (LISTEN=0.0.0.0:8080 and other settings pass through; ARGS="--samples=false")
	@.ci/need go node npm
	@$(MAKE) --no-print-directory build
	@exec bin/tasknet serve $(ARGS)

.PHONY: build
build: ## build bin/tasknet, with the web app in it when Node is here, and bin/tasknet-node
	@.ci/need go
	@if .ci/need node npm 2>/dev/null; then $(MAKE) -s --no-print-directory web; \
	else echo "Node is not here or too old: the binary has no web app."; fi
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./server/cmd/tasknet ./compute/cmd/tasknet-node

.PHONY: libtorch
libtorch: ## fetch libtorch for the CPU into the cache, and print where it is
	@.ci/libtorch

.PHONY: torch
torch: ## build bin/tasknet-node-torch, which trains with libtorch as well (Linux on x86-64; minutes, the first time)
	.ci/libtorch go build -trimpath -tags gotch -ldflags '$(LDFLAGS)' -o bin/tasknet-node-torch ./compute/cmd/tasknet-node

.PHONY: gpu-binary
gpu-binary: ## build bin/tasknet-node-gpu for the libraries of a PyTorch 2.11 (TORCH=.../site-packages/torch)
	@[[ -n "$(TORCH)" ]] || { echo 'Say where PyTorch is: make gpu-binary TORCH="$$(python3 -c "import torch; print(torch.__path__[0])")"'; exit 1; }
	TORCH='$(TORCH)' .ci/libtorch go build -trimpath -tags gotch -ldflags '$(LDFLAGS)' -o bin/tasknet-node-gpu ./compute/cmd/tasknet-node

.PHONY: web
web: web/dist/index.html ## build the web app into web/dist

.PHONY: image
image: ## build the container image localhost/tasknet with buildah
	@.ci/image tasknet:$(VERSION)

.PHONY: deb
deb: ## build the Debian package of tasknet-node in bin/
	@.ci/need go
	@go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./compute/cmd/tasknet-node
	@.ci/deb bin/tasknet-node '$(VERSION)'

CROSS := linux/arm64 darwin/amd64 darwin/arm64 windows/amd64

.PHONY: cross
cross: ## build tasknet-node for other systems, as bin/SYSTEM/tasknet-node
	@.ci/need go
	@for system in $(CROSS); do \
		echo "$$system"; mkdir -p "bin/$$system"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} go build -trimpath -ldflags '$(LDFLAGS)' -o "bin/$$system/" ./compute/cmd/tasknet-node; done

.PHONY: sdk
sdk: ## bind the SDK for apps, for Android where an NDK is here and for iOS where Xcode is
	@.ci/need go
	@.ci/sdk

.PHONY: apk
apk: web/dist/index.html ## build the Android app without an Android SDK, as bin/tasknet-debug.apk (SERVER=https://...)
	@.ci/need go javac mvn aapt apksigner zipalign unzip
	@.ci/apk

.PHONY: bench
bench: build ## measure starts, and the answer path on SQLite, and on PostgreSQL where it is here
	bin/tasknet bench start
	bin/tasknet bench answers $(ARGS)
	@if .ci/need postgresql; then \
		.ci/postgres bash -c 'exec bin/tasknet bench answers --db "$$TASKNET_TEST_POSTGRES_URL" $(ARGS)'; fi

.PHONY: bench-torch
bench-torch: ## how long a step takes with gomlx, with libtorch, and in PyTorch on the same libtorch
	@.ci/torch-bench

.PHONY: bench-crowdkit
bench-crowdkit: ## compare aggregation with Crowd-Kit on the same answers (ARGS=--quick for a minute, or "--answers 1200000 --methods ds crowd/dogs")
	@.ci/need go python3
	@.ci/crowdkit $(ARGS)

##@ Test

.PHONY: test
test: ## everything that CI runs; as root on Debian or Ubuntu, installs what it needs
	@.ci/test

.PHONY: test-go
test-go: ## Go tests, on SQLite and on a private PostgreSQL
	@.ci/test go

.PHONY: test-torch
test-torch: ## tests of the trainer on libtorch, which is fetched and built the first time
	@.ci/test torch

.PHONY: test-race
test-race: ## tests of the packages that goroutines share, under the race detector
	@.ci/test race

.PHONY: test-contracts
test-contracts: ## Solidity tests
	@.ci/test contracts

.PHONY: test-web
test-web: ## types, lint, unit tests, build and size of the web app
	@.ci/test web

.PHONY: test-browser
test-browser: ## a question's whole way in Chromium, with pictures in web/e2e/shots
	@.ci/test browser

.PHONY: test-long
test-long: ## two hours of fuzzing, deep contract tests and the race detector over everything (FUZZTIME=60s)
	@TASKNET_TEST_LONG=1 .ci/test fuzz deep go histories races torch pages

.PHONY: bench-web
bench-web: ## how fast the app is on a slow phone, and Lighthouse's scores; wants a quiet machine
	@.ci/speed

.PHONY: lint
lint: ## formatting, linters (go vet among them) and shell scripts
	@.ci/test lint shell

##@ Change

.PHONY: fmt
fmt: rewards/contracts/node_modules/.stamp ## format Go and Solidity
	@"$$(.ci/tool golangci-lint)" fmt
	cd rewards/contracts && npx forge fmt

.PHONY: generate
generate: rewards/contracts/node_modules/.stamp ## compile the contracts and write their Go bindings
	npm run --silent --prefix rewards/contracts generate

.PHONY: golden
golden: ## write golden files and test vectors again; read the diff before you commit it
	go test -count=1 $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update

.PHONY: clean
clean: ## remove what was built here (caches outside this folder stay)
	rm -rf bin web/dist web/node_modules web/e2e/shots/*.png rewards/contracts/{out,cache,node_modules}

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# Files

%/node_modules/.stamp: %/package-lock.json
	npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.stamp $(WEB_SOURCES)
	npm run --silent --prefix web build
	@touch $@
