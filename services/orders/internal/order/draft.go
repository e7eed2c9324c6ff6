package order

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/party"
)

// usualLead is how long before its last second an invitation usually goes out. It dates the preview only: as soon as
// there is an invitation, its own dates are shown.
const usualLead = 72 * time.Hour

// Roles of actors that the rules of an order tell apart.
const (
	roleCustomer = "CUSTOMER"
	roleOperator = "OPERATOR"
)

// Edit holds the new values of a draft; nil leaves a field as it is, an empty value clears it.
type Edit struct {
	AccountOption        *catalogue.AccountOption
	ManagementAccountID  *string
	SupportOption        *catalogue.SupportOption
	CurrencyCode         *string
	StartAt              *time.Time
	PrivatePricing       *bool
	TierTwoResale        *bool
	Partition            *catalogue.Partition
	PermissionsConfirmed *bool
	TechnicalContactID   *string
	PayerID              *string
	TemplateKey          *string
	LinkedAccountIDs     *[]string
	ExternalID           *string
	Labels               *map[string]string
}

// New writes a draft for a customer, who may do so itself (ORD-020) or have Operations do it (ORD-021). What is missing
// may be filled in later; what is there is checked. The currency is the customer's, the technical contact the one that
// the customer has for it. The order brings the agreement of the chosen id.
func New(id, agreementID, productID string, c party.Customer, e Edit, by call.Actor, now time.Time) (*Order, []fact.Fact, error) {
	product, err := catalogue.Find(productID)
	if err != nil {
		return nil, nil, err
	}
	o := &Order{
		ID: id, AgreementID: agreementID, Type: Purchase, State: Draft, CustomerID: c.ID, SellerID: c.SellerID, ProductID: product.ID,
		CurrencyCode: c.CurrencyCode, TechnicalContactID: contactFor(c), PreparedBy: by,
	}
	if err := o.edit(e, c, by); err != nil {
		return nil, nil, err
	}
	o.Preview, o.TouchedAt = previewAt(now, o.StartAt), now
	return o, []fact.Fact{tell(FactCreated, "product_id", product.ID)}, nil
}

// Revise changes a draft. Of an order whose transfer AccountTransfer refused, the customer may still name another account, and an operator
// also change the payer and the template; the external id and the labels are the caller's own in every state.
func (o *Order) Revise(e Edit, c party.Customer, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if e == (Edit{ExternalID: e.ExternalID, Labels: e.Labels}) {
		return o.tag(e), nil
	}
	mends := e == (Edit{
		ManagementAccountID: e.ManagementAccountID, PayerID: e.PayerID, TemplateKey: e.TemplateKey, LinkedAccountIDs: e.LinkedAccountIDs,
	})
	if o.TransferRefused && o.State.underWay() && mends {
		return o.mendTransfer(e, c, by)
	}
	if err := draftOnly(o, "changed"); err != nil {
		return nil, err
	}
	next := *o
	if err := next.edit(e, c, by); err != nil {
		return nil, err
	}
	next.Preview = previewAt(now, next.StartAt)
	if next.same(o) {
		return nil, nil
	}
	if by.Role != roleCustomer && !slices.Contains(o.Editors, by.Subject) {
		next.Editors = append(slices.Clone(o.Editors), by.Subject)
	}
	next.TouchedAt, next.Rests = now, false
	*o = next
	return []fact.Fact{tell(FactUpdated)}, nil
}

// mendTransfer changes how a refused transfer is to be created, and has it asked for again.
func (o *Order) mendTransfer(e Edit, c party.Customer, by call.Actor) ([]fact.Fact, error) {
	next := *o
	if err := next.direct(e, by); err != nil {
		return nil, err
	}
	if err := rename(&next, e, c); err != nil {
		return nil, err
	}
	told := fact.Internally(saying("order.transfer_mended", tell(FactUpdated, "payer_id", next.PayerID, "template_key", next.TemplateKey)))
	switch {
	case next.ManagementAccountID != o.ManagementAccountID: // what is asked of AccountTransfer now has not been refused before
		told, next.RefusedAt = saying("order.account_corrected", tell(FactUpdated, "account_id", next.ManagementAccountID)), time.Time{}
	case next.PayerID == o.PayerID && next.TemplateKey == o.TemplateKey && slices.Equal(next.LinkedAccountIDs, o.LinkedAccountIDs):
		return nil, nil
	}
	*o = next
	return append([]fact.Fact{told}, askAgain(o)...), nil
}

// direct applies what only Operations chooses: to which payer, and by which template.
func (o *Order) direct(e Edit, by call.Actor) error {
	for _, f := range []struct {
		path         string
		field, given *string
	}{{"payer_id", &o.PayerID, e.PayerID}, {"template_key", &o.TemplateKey, e.TemplateKey}} {
		if f.given == nil || *f.given == *f.field {
			continue
		}
		if by.Role != roleOperator {
			return errs.New(errs.Denied, ReasonRoleDenied, "only Operations chooses the payer and the template").
				WithField(f.path, ReasonRoleDenied, "is set by Operations").
				WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.ask_operations")})
		}
		*f.field = *f.given
	}
	return o.link(e, by)
}

// link names the accounts that come besides the management account.
func (o *Order) link(e Edit, by call.Actor) error {
	if e.LinkedAccountIDs == nil || slices.Equal(*e.LinkedAccountIDs, o.LinkedAccountIDs) {
		return nil
	}
	if by.Role != roleOperator {
		return errs.New(errs.Denied, ReasonRoleDenied, "only Operations names the linked accounts").
			WithField("linked_account_ids", ReasonRoleDenied, "are set by Operations").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.ask_operations")})
	}
	for _, id := range *e.LinkedAccountIDs {
		if !catalogue.ValidAccountID(id) {
			return errs.InvalidField("linked_account_ids", ReasonAccountIDInvalid, "the id of an account has twelve digits, %q has not", id).
				WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.look_up_account")})
		}
	}
	o.LinkedAccountIDs = *e.LinkedAccountIDs
	return nil
}

// tag changes the caller's own marks.
func (o *Order) tag(e Edit) []fact.Fact {
	next := *o
	optional.Set(&next.ExternalID, e.ExternalID)
	optional.Set(&next.Labels, e.Labels)
	if tagged(&next, o) {
		return nil
	}
	*o = next
	return []fact.Fact{saying("order.tagged", tell(FactUpdated))}
}

// ReplaceContact has another person take the technical steps: the one who did is no person of the customer any more.
func (o *Order) ReplaceContact(gone, successor string) ([]fact.Fact, error) {
	if o.State.Ended() || o.TechnicalContactID != gone {
		return nil, nil
	}
	o.TechnicalContactID = successor
	return []fact.Fact{tell(FactContactReplaced, "person_id", successor)}, nil
}

// Delete throws a draft away. Nothing has begun, so nothing has to be ended first.
func (o *Order) Delete(now time.Time) ([]fact.Fact, error) {
	if err := draftOnly(o, "deleted"); err != nil {
		return nil, err
	}
	return o.end(Deleted, nil, saying("order.draft_deleted", tell(FactDeleted)), now), nil
}

// edit applies new values and refuses those that could never be submitted.
func (o *Order) edit(e Edit, c party.Customer, by call.Actor) error {
	if err := o.direct(e, by); err != nil {
		return err
	}
	optional.Set(&o.AccountOption, e.AccountOption)
	optional.Set(&o.ManagementAccountID, e.ManagementAccountID)
	optional.Set(&o.SupportOption, e.SupportOption)
	optional.Set(&o.CurrencyCode, e.CurrencyCode)
	optional.Set(&o.StartAt, e.StartAt)
	optional.Set(&o.Declared.PrivatePricing, e.PrivatePricing)
	optional.Set(&o.Declared.TierTwoResale, e.TierTwoResale)
	optional.Set(&o.Declared.Partition, e.Partition)
	optional.Set(&o.Declared.PermissionsConfirmed, e.PermissionsConfirmed)
	optional.Set(&o.TechnicalContactID, e.TechnicalContactID)
	optional.Set(&o.ExternalID, e.ExternalID)
	optional.Set(&o.Labels, e.Labels)
	if o.CurrencyCode == "" {
		o.CurrencyCode = c.CurrencyCode
	}
	return wellFormed(o, c)
}

// wellFormed checks the values that are there; what is missing is the business of the submission.
func wellFormed(o *Order, c party.Customer) error {
	switch {
	case o.ManagementAccountID != "" && !catalogue.ValidAccountID(o.ManagementAccountID):
		return accountIDInvalid()
	case o.CurrencyCode != c.CurrencyCode:
		return errs.InvalidField("currency_code", ReasonCurrencyNotServed, "the customer is invoiced in %s", c.CurrencyCode).
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.ask_for_currency")})
	case !o.StartAt.IsZero() && !o.StartAt.Equal(calendar.MonthOf(o.StartAt).Start()):
		return errs.InvalidField("start_time", ReasonStartNotFirstOfMonth, "a billing transfer begins on the first of a month, 00:00 UTC").
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.choose_start")})
	case o.TechnicalContactID != "" && !c.Knows(o.TechnicalContactID):
		return contactUnknown()
	}
	return nil
}

// same reports whether nothing that a reader sees differs.
func (o *Order) same(p *Order) bool {
	return o.AccountOption == p.AccountOption && o.ManagementAccountID == p.ManagementAccountID &&
		o.SupportOption == p.SupportOption && o.CurrencyCode == p.CurrencyCode && o.StartAt.Equal(p.StartAt) && o.Declared == p.Declared &&
		o.TechnicalContactID == p.TechnicalContactID && o.PayerID == p.PayerID &&
		o.TemplateKey == p.TemplateKey && slices.Equal(o.LinkedAccountIDs, p.LinkedAccountIDs) && o.Preview.same(p.Preview) && tagged(o, p)
}

// tagged reports whether the caller's own marks are the same.
func tagged(o *Order, p *Order) bool {
	return o.ExternalID == p.ExternalID && maps.Equal(o.Labels, p.Labels)
}

func accountIDInvalid() *errs.Error {
	return errs.InvalidField("management_account_id", ReasonAccountIDInvalid, "the management account id has twelve digits").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.look_up_account")})
}

func contactUnknown() *errs.Error {
	return errs.InvalidField("technical_contact_id", ReasonContactUnknown, "the technical contact is no person of this customer").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.choose_person")})
}

// contactFor returns who takes the technical steps unless somebody else is named; empty when the customer has nobody.
func contactFor(c party.Customer) string {
	people := []string{c.For(party.Technical), c.For(party.Primary)}
	if i := slices.IndexFunc(people, func(id string) bool { return id != "" }); i >= 0 {
		return people[i]
	}
	return ""
}

func previewAt(now, chosen time.Time) Preview {
	start := calendar.StartAfter(now, usualLead)
	if !chosen.IsZero() && calendar.InTime(calendar.MonthOf(chosen), now) {
		start = calendar.MonthOf(chosen)
	}
	return Preview{Start: start.Start(), AcceptBy: calendar.Cutoff(start)}
}
