package order

import (
	"slices"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/party"
)

// An account is in one order at a time. From the submission on the order holds the account that it names; an account that is named later,
// when the customer has created it, is taken from the transfer. There AccountTransfer decides who has it: an order that named it and is not
// being transferred loses it, is refused when AccountTransfer is asked, and waits for another one.

// refusesAccount reports whether AccountTransfer refuses the account of an order, and not the rest of it.
func refusesAccount(refusal *errs.Error) bool {
	return refusal.Reason == "ACCOUNT_IN_TRANSFER" || refusal.Reason == ReasonAccountIsPayer
}

// Takes returns what the order comes to hold by what its transfer says; "" when that is nothing, or what it holds already.
func Takes(o *Order, v TransferView) string {
	if !heeds(o, v) || v.State == transferFailed || v.State == transferCancelled {
		return ""
	}
	next := *o
	next.hear(v)
	if held := next.AccountHeld(); held != o.AccountHeld() {
		return held
	}
	return ""
}

// LoseAccount notes that what the order holds is in the transfer of another order.
func LoseAccount(o *Order, held string) []fact.Fact {
	if o.AccountHeld() != held {
		return nil
	}
	o.AccountLost = true
	return []fact.Fact{fact.Internally(saying("order.account_lost", tell(FactProgressed, "account_id", o.ManagementAccountID)))}
}

// Renames reports whether an edit names another account for an order whose transfer AccountTransfer has refused to begin.
func Renames(o *Order, e Edit) bool {
	return o.TransferRefused && o.State.underWay() && e.ManagementAccountID != nil && *e.ManagementAccountID != o.ManagementAccountID
}

// Free refuses an account that another order or the reseller has. It is asked last, so that nobody learns of one that it could not name.
func Free(accountID, isPayerToo string, by *Taken) error {
	switch {
	case isPayerToo != "":
		return isPayer(isPayerToo)
	case by != nil:
		return alreadyOrdered(accountID, *by)
	}
	return nil
}

// rename names the account of an order whose transfer has not begun anew.
func rename(o *Order, e Edit, c party.Customer) error {
	if e.ManagementAccountID == nil || *e.ManagementAccountID == o.ManagementAccountID {
		return nil
	}
	if o.Replaces != nil {
		const why = "the order is for the account of the agreement that it replaces"
		return errs.New(errs.Precondition, ReasonStateRefuses, why).WithField("management_account_id", ReasonStateRefuses, why).
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.end_other_order")})
	}
	missing := *e.ManagementAccountID == "" && o.AccountOption == catalogue.TransferExisting
	if missing || slices.Contains(o.LinkedAccountIDs, *e.ManagementAccountID) {
		return accountIDInvalid()
	}
	o.ManagementAccountID, o.AccountLost = *e.ManagementAccountID, false
	return wellFormed(o, c)
}
