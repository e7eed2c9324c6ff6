package order

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
)

// The templates of AccountTransfer that carry out an order by billing transfer.
const (
	templateExisting = "billing-transfer-existing"
	templateNew      = "billing-transfer-new"
)

// Template is the template of AccountTransfer that carries the order out: the one that Operations chose, or a billing transfer of the
// account that the customer brings. Refused with TYPE_REFUSES, STATE_REFUSES and FIELD_REQUIRED.
func Template(o *Order) (string, error) {
	switch {
	case amends(o):
		return "", typeRefuses(o, "carried out by steps")
	case o.State.Ended():
		return "", o.stateRefuses("carried out any more")
	case o.TemplateKey != "":
		return o.TemplateKey, nil
	case catalogue.IsLegacy(o.ProductID):
		return "", templateMissing()
	case o.AccountOption == catalogue.CreateNew:
		return templateNew, nil
	case o.AccountOption == catalogue.TransferExisting:
		return templateExisting, nil
	}
	return "", errs.New(errs.Precondition, ReasonFieldRequired, "the order is not complete").
		WithField("account_option", ReasonFieldRequired, "choose an existing or a new account").
		WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.fill_in")})
}

// templateMissing is the refusal of a legacy order of which nobody has said how the accounts move.
func templateMissing() error {
	return errs.New(errs.Precondition, ReasonFieldRequired, "nobody has said how the accounts move").
		WithField("template_key", ReasonFieldRequired, "Operations chooses the template of the legacy product").
		WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.set_template")})
}
