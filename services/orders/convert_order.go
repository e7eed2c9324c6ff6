package orders

import (
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

func toOrder(words text.Words, r store.Row[order.Order]) *ordersv1.Order {
	o := r.Doc
	if o == nil {
		return nil
	}
	out := &ordersv1.Order{
		OrderId: r.ID, Type: wire.Value[ordersv1.OrderType](string(o.Type)), CustomerId: o.CustomerID, SellerId: o.SellerID,
		ProductId: o.ProductID, State: wire.Value[ordersv1.OrderState](string(o.State)),
		AccountOption:       wire.Value[ordersv1.AccountOption](string(o.AccountOption)),
		ManagementAccountId: o.ManagementAccountID,
		SupportOption:       wire.Value[ordersv1.SupportOption](string(o.SupportOption)),
		CurrencyCode:        o.CurrencyCode, Declared: toDeclared(o.Declared), TechnicalContactId: o.TechnicalContactID,
		ExternalId: o.ExternalID, Labels: o.Labels,
		Terms: toTerms(o.Terms), PreparedBy: wire.Actor(o.PreparedBy), SubmittedBy: wire.Actor(o.SubmittedBy),
		SubmitTime: wire.Time(o.SubmittedAt), Waiting: toWaiting(words, o.Waits()), TransferId: o.TransferID,
		AgreementId: o.AgreementID, Link: toLink(o), TransferState: wire.Value[accounttransferv1.TransferState](o.TransferState),
		Ending: toEnding(o.Ending), Failure: toFailure(words, o.Failure), PayerId: o.PayerID, TemplateKey: o.TemplateKey,
		LinkedAccountIds: o.LinkedAccountIDs, Eligibility: toDecision(o.Eligibility), Termination: toTermination(words, o.Termination),
		Change:    toChange(o.Change),
		Preview:   &ordersv1.OrderPreview{StartTime: wire.Time(o.Preview.Start), AcceptByTime: wire.Time(o.Preview.AcceptBy)},
		StartTime: wire.Time(o.StartAt), LikeAgreementId: o.LikeAgreementID,
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), EndTime: wire.Time(o.EndedAt),
	}
	if l := o.Late; l != nil {
		out.LateCompletion = &ordersv1.LateCompletion{
			StartTime: wire.Time(l.Start), CompleteTime: wire.Time(l.CompletedAt), BilledFromTime: wire.Time(l.BilledFrom),
			Policy: wire.Value[ordersv1.LateCompletionPolicy](string(l.Policy)), Reason: words.Say(l.Text()), DecideTime: wire.Time(l.DecidedAt),
		}
	}
	if r := o.Replaces; r != nil {
		out.ReplacesAgreementId, out.SupersedeTime = r.AgreementID, wire.Time(r.ToldAt)
	}
	return out
}

func toDecision(d *order.Decision) *ordersv1.EligibilityDecision {
	if d == nil {
		return nil
	}
	out := &ordersv1.EligibilityDecision{
		DecideTime: wire.Time(d.At), CustomerCountryCode: d.CustomerCountry, SellerCountryCodes: d.SellerCountries,
		SellerCurrencyCode: d.SellerCurrency,
	}
	for _, c := range d.Checks {
		out.Checks = append(out.Checks, &ordersv1.EligibilityCheck{
			Rule: c.Rule, Result: wire.Value[ordersv1.EligibilityResult](string(c.Result)),
		})
	}
	return out
}

func toDeclared(d catalogue.Declared) *ordersv1.DeclaredFacts {
	return &ordersv1.DeclaredFacts{
		PrivatePricing: d.PrivatePricing, TierTwoResale: d.TierTwoResale,
		Partition: wire.Value[ordersv1.AwsPartition](string(d.Partition)), PermissionsConfirmed: d.PermissionsConfirmed,
	}
}

func fromDeclared(d *ordersv1.DeclaredFacts) catalogue.Declared {
	return catalogue.Declared{
		PrivatePricing: d.GetPrivatePricing(), TierTwoResale: d.GetTierTwoResale(),
		Partition: catalogue.Partition(wire.Name(d.GetPartition())), PermissionsConfirmed: d.GetPermissionsConfirmed(),
	}
}

func toTerms(accepted []order.TermAcceptance) []*ordersv1.TermAcceptance {
	var out []*ordersv1.TermAcceptance
	for _, t := range accepted {
		out = append(out, &ordersv1.TermAcceptance{
			Kind: wire.Value[ordersv1.TermKind](string(t.Kind)), Version: t.Version,
			AcceptTime: wire.Time(t.AcceptedAt), AcceptedBy: wire.Actor(t.AcceptedBy),
		})
	}
	return out
}

func fromTerms(terms []*ordersv1.AcceptedTerm) []order.AcceptedTerm {
	var out []order.AcceptedTerm
	for _, t := range terms {
		out = append(out, order.AcceptedTerm{Kind: catalogue.TermKind(wire.Name(t.GetKind())), Version: t.GetVersion()})
	}
	return out
}

func toWaiting(words text.Words, w *order.Waiting) *typev1.Waiting {
	if w == nil {
		return nil
	}
	what, where := words.Instruct(w.Text)
	return &typev1.Waiting{
		Owner: wire.Value[typev1.Party](string(w.Owner)), What: what, Where: where,
		UntilTime: wire.Time(w.Until), StepKey: w.StepKey, Escalated: w.Escalated, EscalateTime: wire.Time(w.EscalateAt),
	}
}

func fromWaiting(w *typev1.Waiting) *order.Waiting {
	if w == nil {
		return nil
	}
	return &order.Waiting{
		Owner: order.Party(wire.Name(w.GetOwner())), Text: text.Said(w.GetWhat(), w.GetWhere()),
		Until: wire.FromTime(w.GetUntilTime()), StepKey: w.GetStepKey(), Escalated: w.GetEscalated(),
		EscalateAt: wire.FromTime(w.GetEscalateTime()),
	}
}

func toEnding(e *order.Ending) *ordersv1.OrderEnding {
	if e == nil {
		return nil
	}
	return &ordersv1.OrderEnding{
		Wish: wire.Value[ordersv1.OrderWish](string(e.Wish)), Reason: e.Reason,
		RequestedBy: wire.Actor(e.RequestedBy), RequestTime: wire.Time(e.RequestedAt),
	}
}

func toFailure(words text.Words, f *order.Failure) *ordersv1.OrderFailure {
	if f == nil {
		return nil
	}
	return &ordersv1.OrderFailure{Code: wire.Value[ordersv1.OrderFailureCode](f.Code), Message: words.Say(f.Text())}
}

func toLink(o *order.Order) *ordersv1.OrderLink {
	l := o.Link
	if l == nil {
		return nil
	}
	return &ordersv1.OrderLink{
		Number: int32(l.Number), PersonId: l.PersonID, NotificationId: o.MailOf(l),
		SendTime: wire.Time(l.SentAt), ExpireTime: wire.Time(l.ExpiresAt), Revoked: l.Revoked, Expired: l.Expired,
	}
}

// draftEdit takes every value that a new draft was given; what was left empty stays so.
func draftEdit(o *ordersv1.Order) order.Edit {
	e := order.Edit{}
	declared := fromDeclared(o.GetDeclared())
	given(&e.AccountOption, catalogue.AccountOption(wire.Name(o.GetAccountOption())))
	given(&e.ManagementAccountID, accountid.Read(o.GetManagementAccountId()))
	given(&e.SupportOption, catalogue.SupportOption(wire.Name(o.GetSupportOption())))
	given(&e.CurrencyCode, o.GetCurrencyCode())
	given(&e.StartAt, wire.FromTime(o.GetStartTime()))
	given(&e.PrivatePricing, declared.PrivatePricing)
	given(&e.TierTwoResale, declared.TierTwoResale)
	given(&e.Partition, declared.Partition)
	given(&e.PermissionsConfirmed, declared.PermissionsConfirmed)
	given(&e.TechnicalContactID, o.GetTechnicalContactId())
	given(&e.PayerID, o.GetPayerId())
	given(&e.TemplateKey, o.GetTemplateKey())
	if len(o.GetLinkedAccountIds()) > 0 {
		e.LinkedAccountIDs = new(catalogue.ReadAccountIDs(o.GetLinkedAccountIds()))
	}
	given(&e.ExternalID, o.GetExternalId())
	if len(o.GetLabels()) > 0 {
		e.Labels = &o.Labels
	}
	return e
}

// orderEdit takes the masked values, empty ones included.
func orderEdit(o *ordersv1.Order, mask *fieldmaskpb.FieldMask) (e order.Edit, err error) {
	paths, err := wire.Mask(mask, "account_option", "management_account_id", "support_option", "currency_code", "payer_id", "template_key",
		"linked_account_ids", "start_time",
		"technical_contact_id", "declared", "declared.private_pricing", "declared.tier_two_resale", "declared.partition",
		"declared.permissions_confirmed", "external_id", "labels")
	declared := fromDeclared(o.GetDeclared())
	for _, path := range paths {
		whole := path == "declared"
		switch path {
		case "account_option":
			e.AccountOption = new(catalogue.AccountOption(wire.Name(o.GetAccountOption())))
		case "management_account_id":
			e.ManagementAccountID = new(accountid.Read(o.GetManagementAccountId()))
		case "support_option":
			e.SupportOption = new(catalogue.SupportOption(wire.Name(o.GetSupportOption())))
		case "currency_code":
			e.CurrencyCode = new(o.GetCurrencyCode())
		case "start_time":
			e.StartAt = new(wire.FromTime(o.GetStartTime()))
		case "payer_id":
			e.PayerID = new(o.GetPayerId())
		case "template_key":
			e.TemplateKey = new(o.GetTemplateKey())
		case "linked_account_ids":
			e.LinkedAccountIDs = new(catalogue.ReadAccountIDs(o.GetLinkedAccountIds()))
		case "technical_contact_id":
			e.TechnicalContactID = new(o.GetTechnicalContactId())
		case "external_id":
			e.ExternalID = new(o.GetExternalId())
		case "labels":
			e.Labels = new(o.GetLabels())
		}
		if whole || path == "declared.private_pricing" {
			e.PrivatePricing = &declared.PrivatePricing
		}
		if whole || path == "declared.tier_two_resale" {
			e.TierTwoResale = &declared.TierTwoResale
		}
		if whole || path == "declared.partition" {
			e.Partition = &declared.Partition
		}
		if whole || path == "declared.permissions_confirmed" {
			e.PermissionsConfirmed = &declared.PermissionsConfirmed
		}
	}
	return e, err
}

// given sets a pointer to a value that is not empty.
func given[T comparable](field **T, value T) {
	if value != *new(T) {
		*field = &value
	}
}
