package kittest

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
)

// As returns the test's context as one in which this person calls.
func (s *Suite) As(t testing.TB, p auth.Principal) context.Context {
	t.Helper()
	return metadata.AppendToOutgoingContext(t.Context(), auth.HeaderPerson, s.Bearer(t, p))
}

// Bearer is the value of an Authorization header of this person.
func (s *Suite) Bearer(t testing.TB, p auth.Principal) string {
	t.Helper()
	return s.BearerFor(t, p, time.Hour)
}

// BearerFor is the same for a token that ends sooner, in machine time.
func (s *Suite) BearerFor(t testing.TB, p auth.Principal, ttl time.Duration) string {
	t.Helper()
	token, err := s.issuer.Person(p, ttl)
	if err != nil {
		t.Fatalf("token: %v", err)
	}
	return "Bearer " + token
}

// WorkloadBearer is the value of the header with which a service shows itself.
func (s *Suite) WorkloadBearer(t testing.TB, service string) string {
	t.Helper()
	token, err := s.issuer.Workload(service)(t.Context())
	if err != nil {
		t.Fatalf("token: %v", err)
	}
	return "Bearer " + token
}

// Operator is a person of Operations with these rights; with all of them when none is named.
func Operator(subject string, rights ...string) auth.Principal {
	if len(rights) == 0 {
		rights = auth.OperatorRights()
	}
	return auth.Principal{Subject: subject, Role: auth.Operator, Rights: slices.Clone(rights)}
}

// Customer is a person of these customers.
func Customer(subject string, customers ...string) auth.Principal {
	return auth.Principal{Subject: subject, Role: auth.Customer, Customers: slices.Clone(customers)}
}

// Partner is a person of a partner; which customers are its own is known to the suite.
func Partner(subject, partner string) auth.Principal {
	return auth.Principal{Subject: subject, Role: auth.Partner, Partner: partner}
}
