package order

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
)

// Amended is an agreement that an order ends or changes.
type Amended struct {
	AgreementID, CustomerID, SellerID, ProductID, AccountID, CurrencyCode string
	OrderID                                                               string // that has brought it

	SupportOption catalogue.SupportOption
}

// amending is an order that ends or changes an agreement. Nothing is left to fill in, so that it is submitted at once, and Operations must
// review it.
func amending(orderID string, t Type, of Amended, by call.Actor, now time.Time) *Order {
	return &Order{
		ID: orderID, Type: t, CustomerID: of.CustomerID, SellerID: of.SellerID, ProductID: of.ProductID, State: Querying,
		AgreementID: of.AgreementID, ManagementAccountID: of.AccountID, CurrencyCode: of.CurrencyCode, SupportOption: of.SupportOption,
		PreparedBy: by, SubmittedBy: by, SubmittedAt: now,
	}
}

// amends reports whether the order ends or changes an agreement that another one has brought: no transfer carries it out.
func amends(o *Order) bool { return o.Type == Termination || o.Type == Change }

// ByReseller reports whether Operations has ordered the end or the change of an agreement, which no customer can take back.
func ByReseller(o *Order) bool { return o.SubmittedBy.Role == roleOperator }

// mayTakeBack refuses with ROLE_DENIED to take back what Operations has ordered, unless Operations does.
func mayTakeBack(o *Order, by call.Actor) error {
	if !ByReseller(o) || by.Role == roleOperator {
		return nil
	}
	return errs.New(errs.Denied, ReasonRoleDenied, "Operations has ordered it: only Operations takes it back").
		WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.ask_for_take_back")})
}

// typeRefuses is the refusal of a verb that is not for this type of order.
func typeRefuses(o *Order, verb string) error {
	return errs.New(errs.Precondition, ReasonTypeRefuses, "an order of type %s cannot be %s", o.Type, verb).
		WithMeta("type", string(o.Type)).WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.verbs_of_type")})
}
