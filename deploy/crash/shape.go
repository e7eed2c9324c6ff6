package main

import (
	"slices"

	"example.com/handover/deploy/config"
	"example.com/handover/deploy/journey"
)

// shape says which processes a suite is.
type shape string

const (
	together shape = "together" // everything but the outside in one process, on SQLite
	separate shape = "separate" // a process for each service and a second of one of them, on PostgreSQL
	both     shape = "both"     // rounds of each
)

// part is a process of the suite that hosts some of its services.
type part struct {
	name     string
	services []string
	grpc     string
}

// hosted are the services of the suite; the gateway holds nothing that could be lost.
func hosted() []string {
	return []string{"orders", "accounttransfer", "billing", "support", "notifications"}
}

// parts are the processes of a shape. One binary serves them all: what it hosts is the configuration's choice.
func (s shape) parts(twice string) (all []*part) {
	if s == together {
		return []*part{{name: "product", services: append(hosted(), "gateway")}}
	}
	for _, service := range hosted() {
		all = append(all, &part{name: service, services: []string{service}})
		if service == twice {
			all = append(all, &part{name: service + "-2", services: []string{service}})
		}
	}
	return all
}

// addresses are where the processes listen.
type addresses struct {
	nats, postgres, sandbox, http string
	listeners                     config.Listeners
	parts                         []*part
}

// of returns the addresses of a service, with commas between those of its replicas.
func (a addresses) of(service string) (joined string) {
	for _, p := range a.parts {
		if !slices.Contains(p.services, service) {
			continue
		}
		if joined != "" {
			joined += ","
		}
		joined += p.grpc
	}
	return joined
}

// book is where each service is found.
func (a addresses) book() map[string]string {
	book := map[string]string{"sandbox": a.sandbox}
	for _, service := range journey.Services() {
		if service != "sandbox" {
			book[service] = a.of(service)
		}
	}
	return book
}
