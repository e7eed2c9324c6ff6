package notifications

import (
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/services/notifications/internal/people"
)

// seenBy narrows a list to what the caller may see: customers and partners see nothing of what goes to Operations.
func seenBy(scope call.Scope, q store.Query) store.Query {
	if !scope.All() {
		q.Where = append(q.Where, store.Eq("audience", people.ForCustomer))
	}
	return q
}

// visible hides a mail or reminder that goes to Operations from customers and partners: they find it nowhere.
func visible(scope call.Scope, noun, id string, to people.Recipient) error {
	if scope.All() || to.Audience() == people.ForCustomer {
		return nil
	}
	return errs.New(errs.NotFound, "NOT_FOUND", "there is no %s %q", noun, id)
}
