package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/handover/deploy/journey"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// duplicates finds what an order must not have twice, or not any more, wherever it is.
func duplicates(e journey.Evidence, killed bool) []string {
	wrong := slices.Concat(duplicatesAtAWS(e), leftAtAWS(e), duplicatesInServiceNow(e, killed), duplicateInvoices(e), wrongConnections(e))
	if e.Orders != 1 {
		wrong = append(wrong, fmt.Sprintf("there are %d orders for one account", e.Orders))
	}
	return wrong
}

func duplicatesAtAWS(e journey.Evidence) (wrong []string) {
	for what, n := range sorted(counted(e.Effects)) {
		if n > 1 {
			wrong = append(wrong, fmt.Sprintf("AWS carried out %s %d times", what, n))
		}
	}
	pending := 0
	for _, t := range e.Contract.GetServiceTerms() {
		if t.GetStatus() == "PENDING" {
			pending++
		}
	}
	for _, c := range []struct {
		what string
		n    int
	}{
		{"invitations", len(e.AtAWS)},
		{"billing groups", len(e.Contract.GetBillingGroups())},
		{"relationships", len(e.Contract.GetRelationships())},
		{"open proposals of a service term", pending},
	} {
		if c.n > 1 {
			wrong = append(wrong, fmt.Sprintf("AWS has %d %s for one order", c.n, c.what))
		}
	}
	return wrong
}

// wrongConnections wants one connection of the account, which says of AWS what AWS holds.
func wrongConnections(e journey.Evidence) (wrong []string) {
	if n := len(e.Connections); n > 1 {
		wrong = append(wrong, fmt.Sprintf("there are %d connections of one account", n))
	}
	binds := slices.ContainsFunc(e.AtAWS, func(t *sandboxv1.AwsTransfer) bool { return t.GetStatus() == "ACCEPTED" })
	for _, c := range e.Connections {
		if bound := c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE; bound != binds {
			wrong = append(wrong, fmt.Sprintf("the connection is %s, and AWS has an accepted transfer: %t", c.GetState(), binds))
		}
		if g := c.GetBillingGroup().GetArn(); g != "" &&
			!slices.ContainsFunc(e.Contract.GetBillingGroups(), func(h *sandboxv1.AwsBillingGroup) bool { return h.GetArn() == g }) {
			wrong = append(wrong, "the connection has a billing group that AWS does not hold")
		}
		if r := c.GetRelationship().GetRelationshipId(); r != "" &&
			!slices.ContainsFunc(e.Contract.GetRelationships(), func(h *sandboxv1.AwsRelationship) bool { return h.GetRelationshipId() == r }) {
			wrong = append(wrong, "the connection has a relationship that AWS does not hold")
		}
	}
	return wrong
}

// leftAtAWS finds what the customer could still accept, or has, of an order that failed.
func leftAtAWS(e journey.Evidence) (wrong []string) {
	if e.Order.GetFailure() == nil {
		return nil
	}
	for _, t := range e.AtAWS {
		if t.GetStatus() == "REQUESTED" || t.GetStatus() == "ACCEPTED" {
			wrong = append(wrong, "the order has ended, and AWS has an invitation that is "+t.GetStatus())
		}
	}
	for _, t := range e.Contract.GetServiceTerms() {
		if t.GetStatus() == "PENDING" {
			wrong = append(wrong, "the order has ended, and AWS has a service term that is PENDING")
		}
	}
	return wrong
}

// duplicatesInServiceNow allows for one more record that the suite has cancelled itself, after a kill.
func duplicatesInServiceNow(e journey.Evidence, killed bool) (wrong []string) {
	counts := map[string]int{}
	for _, r := range e.Records {
		if !discarded(r) {
			counts[r.GetCorrelationId()]++
		} else if !killed {
			wrong = append(wrong, "ServiceNow has a second record of the case "+r.GetCorrelationId()+", which was cancelled")
		}
		var said []string
		for _, line := range r.GetJournal() {
			if _, text, comment := strings.Cut(line, ", comments: "); comment {
				said = append(said, text)
			}
		}
		for text, n := range sorted(counted(said)) {
			if n > 1 {
				wrong = append(wrong, fmt.Sprintf("ServiceNow has the comment %q %d times", text, n))
			}
		}
	}
	for _, r := range e.Records {
		counts[r.GetCorrelationId()] += 0 // so that a case whose every record was cancelled is missed
	}
	for id, n := range sorted(counts) {
		if n != 1 {
			wrong = append(wrong, fmt.Sprintf("ServiceNow has %d records of the case %s", n, id))
		}
	}
	return wrong
}

// discarded reports whether the suite has taken a second record of a case back.
func discarded(r *sandboxv1.ServiceNowRecord) bool {
	state := r.GetFields()["state"]
	return (state == "7" || state == "3") && slices.ContainsFunc(r.GetJournal(), func(line string) bool {
		return strings.Contains(line, ", work_notes: This record is a duplicate of ")
	})
}

// duplicateInvoices wants one invoice for each month, and all numbers of the seller without a gap.
func duplicateInvoices(e journey.Evidence) (wrong []string) {
	var months []string
	for _, i := range e.Invoices {
		months = append(months, monthOf(i))
	}
	for month, n := range sorted(counted(months)) {
		if n > 1 {
			wrong = append(wrong, fmt.Sprintf("there are %d invoices for %s", n, month))
		}
	}
	last := map[string]int{} // by year
	for _, number := range slices.Sorted(slices.Values(e.Numbers)) {
		year, _, _ := strings.Cut(number, "-")
		last[year]++
		if want := fmt.Sprintf("%s-%06d", year, last[year]); number != want {
			return append(wrong, fmt.Sprintf("the seller's invoices have the numbers %q: %s is not there", e.Numbers, want))
		}
	}
	return wrong
}

func monthOf(i *billingv1.Invoice) string {
	return fmt.Sprintf("%d-%02d", i.GetMonth().GetYear(), i.GetMonth().GetMonth())
}

// recordedTwice finds facts that stand twice at the same place of an aggregate's history.
func recordedTwice(timeline []*typev1.Event) (wrong []string) {
	seen := map[string]bool{}
	for _, f := range timeline {
		place := fmt.Sprintf("%s revision %d, fact %d", f.GetAggregateId(), f.GetRevision(), f.GetOrdinal())
		if seen[place] {
			wrong = append(wrong, "recorded twice: "+place+" "+factName(f))
		}
		seen[place] = true
	}
	return wrong
}

func counted(all []string) map[string]int {
	n := map[string]int{}
	for _, one := range all {
		n[one]++
	}
	return n
}

// sorted goes through a map in the order of its keys.
func sorted(m map[string]int) func(func(string, int) bool) {
	return func(yield func(string, int) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
