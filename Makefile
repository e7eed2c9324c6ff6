# Everything the repository can do, one target each. `run` and `test` need Go alone; the tools of `lint`, `generate` and
# `check` are built into bin/ on first use, from their own modules in .ci/tools.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

GO := go
# Tools and the repository's own checks stay outside the workspace: in it they would raise the product's versions.
TOOL := GOWORK=off $(GO) -C .ci/tools
# Both modules of the workspace. Flags that change every package (-trimpath) are left to the container images, so that
# run, test and a plain `go test` share one build cache.
ALL := ./... ./proto/...

# How large a run is; each may be given on the command line.
MINUTES ?= 5
CUSTOMERS ?= 40
MONTHS ?= 24
N ?= 200
SEED ?=
SHAPE ?= both
SLICES ?= 5
V ?=
EVENTS ?=

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

## Run

.PHONY: run
run: bin/handover ## Play the journey in one process and stay up; data in ./data
	bin/handover demo

.PHONY: journey
journey: bin/handover ## Play the journey once in a temporary folder
	bin/handover journey

.PHONY: walkthrough
walkthrough: bin/handover bin/grpcurl ## Run the README's walk-through as a reader would
	.ci/walkthrough

.PHONY: soak
soak: bin/soak bin/handover ## Play customer lives against one process for MINUTES=5; from 30 on it fails when memory is not flat
	bin/soak --for=$(MINUTES)m --warm=$$(($(MINUTES) / 4))m

.PHONY: population
population: bin/population bin/handover ## CUSTOMERS=40 with random habits live for MONTHS=24 under faults and kills; SEED=… repeats a run
	$(SCRATCH) bin/population --customers=$(CUSTOMERS) --months=$(MONTHS) $(if $(SEED),--seed=$(SEED)) $(if $(V),-v)

.PHONY: crash
crash: bin/crash bin/handover ## End processes at N=200 random points and count effects; SEED=… repeats a run, V=1 prints its rounds
	bin/crash -n $(N) $(if $(SEED),--seed=$(SEED)) $(if $(V),-v)

.PHONY: attack
attack: bin/attack bin/handover ## Try what nobody may, on the all-in-one and on separate processes; SHAPE=all-in-one or separate: one of them
	$(if $(filter all-in-one,$(SHAPE)),,.ci/postgres run) bin/attack --shape=$(SHAPE)

.PHONY: bench
bench: bin/bench bin/temporal ## Measure the suite in SLICES=5 slices; builds Temporal's server as a yardstick (some minutes, once)
	HANDOVER_POSTGRES_DURABLE=1 .ci/postgres run bin/bench --slices=$(SLICES)

# Go knows best what is stale.
.PHONY: bin/handover bin/crash bin/bench bin/soak bin/population bin/attack
bin/handover: ; $(GO) build -o $@ ./deploy/suite
bin/crash: ; $(GO) build -o $@ ./deploy/crash
bin/bench: ; $(GO) build -o $@ ./deploy/bench
bin/attack: ; $(GO) build -o $@ ./deploy/attack
bin/soak: ; $(GO) build -o $@ ./deploy/soak
bin/population: ; $(GO) build -o $@ ./deploy/population

## Test

# Tests make hundreds of databases and streams, each synced at every commit, which need to survive no power cut: they lie in
# memory where there is room.
SCRATCH := $(shell df -k --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 4000000 { print "TMPDIR=/dev/shm" }')
GOTEST := $(SCRATCH) $(GO) test -timeout 40m

.PHONY: test
test: $(if $(EVENTS),bin/gotestsum) ## Run every test that needs Go alone; EVENTS=file keeps what ids reads
	@$(if $(EVENTS),$(SCRATCH) bin/gotestsum --format=standard-quiet --jsonfile=$(EVENTS) -- -timeout 40m,$(GOTEST)) $(ALL); \
		echo "tests passed in $$SECONDS s"

.PHONY: matrix
matrix: ## Call every method as every caller with own, foreign and missing ids, and print the count
	@$(GOTEST) -count=1 -v -run '^TestAccessMatrix$$' ./deploy/scenarios | grep -vE '^=== |level='

.PHONY: test-full
test-full: test-postgres test-processes test-race ## PostgreSQL, separate processes, two replicas, race detector

.PHONY: test-postgres
test-postgres:
	.ci/postgres run env $(GOTEST) -tags postgres $(ALL)

.PHONY: test-processes
test-processes:
	.ci/postgres run env $(GOTEST) -tags processes ./deploy/journey/...

.PHONY: test-race
test-race:
	env CGO_ENABLED=1 $(GOTEST) -race ./pkg/... ./services/...

.PHONY: ids
ids: ## Say which requirements the tests prove, and fail for a lost one; V=1 names the tests, EVENTS=file is a run, PART=1 one by name
	@$(if $(wildcard $(EVENTS)),cat $(EVENTS),$(GOTEST) -json $(ALL)) | $(TOOL)/house run ./ids $(if $(V),-v) $(if $(PART),-part)

## Judge

.PHONY: lint
lint: lint-go lint-proto ## Go and proto linters and formatters

.PHONY: lint-go
lint-go: bin/golangci-lint
	bin/golangci-lint run $(ALL)

.PHONY: lint-proto
lint-proto: bin/buf
	bin/buf lint
	bin/buf format --diff --exit-code --path proto/handover

.PHONY: check
check: check-size check-generated check-tidy check-workspace check-breaking ## Sizes, stale code, go.mod, workspace off, broken contract

# What these tests read lies outside their modules: a cached result would know nothing of it.
.PHONY: check-size
check-size:
	@$(TOOL)/house test -count=1 ./...
	@$(TOOL)/openapi test -count=1 ./...
	@$(TOOL)/house run ./check -root ../../..

# So do the rules.
.PHONY: check-alerts
check-alerts: ## Run the tests of the alert rules with Prometheus's engine (some minutes, once)
	$(TOOL)/prometheus test -count=1 ./...

.PHONY: check-generated
check-generated: bin/buf
	@rm -rf bin/gen && cp -r proto/gen bin/gen
	@.ci/generate
	@diff -r bin/gen proto/gen || { echo "proto/gen was stale: commit what make generate wrote"; exit 1; }
	@rm -r bin/gen

.PHONY: check-openapi
check-openapi: ## Lint the OpenAPI documents, compile what is generated from them; needs node and npm
	.ci/openapi

.PHONY: check-tidy
check-tidy:
	$(GO) mod tidy -diff
	$(GO) -C proto mod tidy -diff

# The workspace hides a requirement that go.mod lacks, also one of a test.
.PHONY: check-workspace
check-workspace:
	GOWORK=off $(GO) build ./...
	GOWORK=off $(GO) vet -tags postgres,processes ./...
	GOWORK=off $(GO) -C proto build ./...

.PHONY: check-breaking
check-breaking: bin/buf
	.ci/breaking

## Make

.PHONY: generate
generate: bin/buf ## Write proto/gen from proto/handover
	.ci/generate

.PHONY: tools
tools: bin/buf bin/golangci-lint bin/grpcurl bin/gotestsum ## Build the pinned tools into bin/ (some minutes, once)

# One module holds buf and its plugins; bin/buf stands for all of them.
bin/buf: .ci/tools/buf/go.sum
	$(TOOL)/buf build -o $(CURDIR)/bin/ tool
	@touch $@

bin/golangci-lint: .ci/tools/lint/go.sum
	$(TOOL)/lint build -o $(CURDIR)/bin/ tool
	@touch $@

bin/grpcurl: .ci/tools/grpcurl/go.sum
	$(TOOL)/grpcurl build -o $(CURDIR)/bin/ tool
	@touch $@

bin/gotestsum: .ci/tools/gotestsum/go.sum
	$(TOOL)/gotestsum build -o $(CURDIR)/bin/ tool
	@touch $@

# The yardstick of one figure of bench alone: no other target builds it.
bin/temporal: .ci/tools/temporal/go.sum $(wildcard .ci/tools/temporal/*.go)
	$(TOOL)/temporal build -ldflags='-s -w' -o $(CURDIR)/$@ .
	@touch $@
