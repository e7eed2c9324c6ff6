package order

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/party"
)

// Submission is who submits, what is accepted, and what the order is held against at that moment.
type Submission struct {
	By              call.Actor
	Binds           []string // customers that the submitter is a person of
	Terms           []AcceptedTerm
	Product         catalogue.Product
	Window          catalogue.Window // when and where the product is sold
	Customer        party.Customer
	Seller          party.Seller
	Rules           []catalogue.Rule
	LegacyAgreement bool        // the customer has an active agreement for the legacy product
	PayerMissing    bool        // AccountTransfer has no active payer of the seller, or not the one that was chosen
	TransferID      string      // chosen by us, so that the transfer can be spoken of at once
	Replaces        Replaceable // the agreement that the order replaces, as it is now; zero: none
	TakenBy         *Taken      // another order has the management account; nil: none
	IsPayer         string      // the account of the order that is a payer of the reseller, and not of this customer alone; empty: none is
}

// Taken is the other order that has the management account.
type Taken struct {
	OrderID string    // empty: the submitter may not learn which
	EndsAt  time.Time // when AWS ends what its agreement binds, which frees the account; zero: it does not end
	Legacy  bool      // another order can replace that agreement
}

// AcceptedTerm is a text that the submitter accepts, in the version that was shown.
type AcceptedTerm struct {
	Kind    catalogue.TermKind
	Version string
}

// Submit makes the draft binding and starts the journey. Only a person of the customer can, because submitting accepts
// terms (ORD-022, ORD-023).
func (o *Order) Submit(s Submission, now time.Time) ([]fact.Fact, error) {
	if err := draftOnly(o, "submitted"); err != nil {
		return nil, err
	}
	for _, check := range []func(*Order, Submission, time.Time) error{
		checkSubmitter, checkComplete, checkTerms, checkEligible, checkPayer, checkStart, checkReplaced, checkAccount,
	} {
		if err := check(o, s, now); err != nil {
			return nil, err
		}
	}
	o.Terms = nil
	for _, t := range s.Product.Terms {
		o.Terms = append(o.Terms, TermAcceptance{Kind: t.Kind, Version: t.Version, AcceptedAt: now, AcceptedBy: s.By})
	}
	o.State, o.SubmittedBy, o.SubmittedAt, o.TransferID = Processing, s.By, now, s.TransferID
	o.PublicSector = s.Customer.PublicSector
	ObserveReplacedEnd(o, s.Replaces.EndsAt)
	o.Preview, o.Eligibility = previewAt(now, o.StartAt), o.decide(s, now)
	return []fact.Fact{tell(FactSubmitted, "transfer_id", s.TransferID)}, nil
}

// Question is what the eligibility rules ask about this order.
func (o *Order) Question(s Submission, now time.Time) catalogue.Question {
	return catalogue.Question{
		Product: s.Product, Window: s.Window, CustomerCountry: s.Customer.CountryCode, SellerCountries: s.Seller.CountryCodes,
		CurrencyCode: o.CurrencyCode, SellerCurrency: s.Seller.CurrencyCode, AccountOption: o.AccountOption,
		ManagementAccountID: o.ManagementAccountID, Declared: o.Declared, LegacyAgreement: s.LegacyAgreement,
		Excepted: s.Customer.Excepted(now),
	}
}

// decide keeps what the order was held against, so that it can be told later why it was let through.
func (o *Order) decide(s Submission, now time.Time) *Decision {
	q := o.Question(s, now)
	d := &Decision{
		At: now, CustomerCountry: q.CustomerCountry, SellerCountries: q.SellerCountries, SellerCurrency: q.SellerCurrency,
	}
	for _, c := range catalogue.Eligibility(s.Rules, q, now) {
		d.Checks = append(d.Checks, Checked{c.Key, c.Result})
	}
	return d
}

// checkSubmitter lets a person of the customer submit, and nobody who wrote at the draft in another role: an operator who
// is also known as a customer would accept terms for somebody else. A customer that wrote its own draft submits it
// itself (ORD-020).
func checkSubmitter(o *Order, s Submission, _ time.Time) error {
	remedy := errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.customer_submits")}
	prepared := s.By.Subject == o.PreparedBy.Subject && o.PreparedBy.Role != roleCustomer
	if prepared || slices.Contains(o.Editors, s.By.Subject) {
		return errs.New(errs.Denied, ReasonSubmitterIsPreparer, "who prepared the order for the customer cannot submit it").WithRemedy(remedy)
	}
	if s.By.Role != roleCustomer || s.By.Subject == "" || !slices.Contains(s.Binds, o.CustomerID) {
		return errs.New(errs.Denied, ReasonSubmitterNotCustomer,
			"only a person of the customer can submit, because submitting accepts terms").WithRemedy(remedy)
	}
	return nil
}

// checkComplete asks for what a draft may leave open: both choices of the wizard (ORD-024, ORD-025, ORD-033), the
// account, and that the people who will act hold the permissions (ORD-032).
func checkComplete(o *Order, s Submission, _ time.Time) error {
	missing := errs.New(errs.Precondition, ReasonFieldRequired, "the order is not complete").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.fill_in")})
	if !slices.Contains(s.Product.AccountOptions, o.AccountOption) {
		missing = missing.WithField("account_option", ReasonFieldRequired, "choose an existing or a new account")
	}
	if !slices.Contains(s.Product.SupportOptions, o.SupportOption) {
		missing = missing.WithField("support_option", ReasonFieldRequired, "choose who supports")
	}
	switch {
	case len(missing.Fields) > 0:
		return missing
	case s.Product.Generation == catalogue.Legacy && o.TemplateKey == "":
		return templateMissing()
	case o.ManagementAccountID == "" && o.AccountOption == catalogue.TransferExisting:
		return accountIDInvalid()
	case !o.Declared.PermissionsConfirmed:
		return errs.New(errs.Precondition, ReasonPermissionsNotConfirmed, "nobody has confirmed the permissions in AWS").
			WithField("declared.permissions_confirmed", ReasonPermissionsNotConfirmed, "must be confirmed").
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.confirm_permissions")})
	}
	return wellFormed(o, s.Customer)
}

// checkTerms wants every text of the product, each in its version in force (ORD-023).
func checkTerms(o *Order, s Submission, _ time.Time) error {
	refusal := errs.New(errs.Precondition, ReasonTermsNotAccepted, "the terms must be accepted in their versions in force")
	for _, t := range s.Product.Terms {
		if !slices.Contains(s.Terms, AcceptedTerm{t.Kind, t.Version}) {
			refusal = refusal.WithField("terms", ReasonTermsNotAccepted, string(t.Kind)+" "+t.Version+" is not accepted")
		}
	}
	if len(refusal.Fields) == 0 {
		return nil
	}
	return refusal.WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.accept_terms")})
}

func checkEligible(o *Order, s Submission, now time.Time) error {
	return catalogue.Refuse(catalogue.Eligibility(s.Rules, o.Question(s, now), now))
}

// checkPayer wants somebody to transfer to: the payer that an operator chose, or any of the seller's.
func checkPayer(o *Order, s Submission, _ time.Time) error {
	if !s.PayerMissing {
		return nil
	}
	refusal := errs.New(errs.Precondition, ReasonPayerMissing, "no payer is known for the seller")
	if o.PayerID != "" {
		return refusal.WithField("payer_id", ReasonPayerMissing, "is no active payer of the seller").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.set_payer")})
	}
	return refusal.WithField("payer_id", ReasonPayerMissing, "is empty and the seller has none").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.create_payer")})
}

// furthest is how many months ahead a billing transfer may begin: AccountTransfer asks AWS for no later one.
const furthest = 2

// checkStart wants the month that the customer chose to be one in which the billing transfer can begin.
func checkStart(o *Order, _ Submission, now time.Time) error {
	if o.StartAt.IsZero() {
		return nil
	}
	refuse := func(reason, why string) error {
		first, last := calendar.StartAfter(now, 0), calendar.MonthOf(now).AddMonths(furthest)
		remedy := text.New("remedy.choose_start_from", "month", first.String())
		if last.Compare(first) > 0 { // in the last hours of a month one is left
			remedy = remedy.With("last", last.String())
		}
		return errs.InvalidField("start_time", reason, "%s", why).WithRemedy(errs.Remedy{Who: string(Customer), Text: remedy})
	}
	switch month := calendar.MonthOf(o.StartAt); {
	case catalogue.IsLegacy(o.ProductID):
		return errs.InvalidField("start_time", ReasonStartNotChosen, "the accounts of a legacy product begin when they join").
			WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.choose_no_start")})
	case !calendar.InTime(month, now):
		return refuse(ReasonStartTooEarly, "an invitation for "+month.String()+" could not be accepted in time")
	case month.Sub(calendar.MonthOf(now)) > furthest:
		return refuse(ReasonStartTooLate, month.String()+" is too far away")
	}
	return nil
}

// checkAccount comes last, so that only who may submit for an account learns that it is not free.
func checkAccount(o *Order, s Submission, _ time.Time) error {
	return Free(o.ManagementAccountID, s.IsPayer, s.TakenBy)
}
