package accounttransfer

import (
	"slices"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/process"
)

func fromAccountRequest(req *accounttransferv1.CreateAccountRequestRequest, by call.Actor) accountrequest.Asked {
	r := req.GetAccountRequest()
	requestID, mailboxID := newRequestID(req.GetAccountRequestId())
	return accountrequest.Asked{
		ID: requestID, MailboxID: mailboxID, CustomerID: r.GetCustomerId(), Nickname: r.GetNickname(),
		Plan: accountrequest.Plan(wire.Name(r.GetSupportType())), Region: r.GetRegion(),
		Placement: accountrequest.Placement(wire.Name(r.GetPlacement())), ContactID: r.GetContactPersonId(),
		RootOwnerID: r.GetRootOwnerPersonId(), Role: accountrequest.Role{ExternalID: requestID}, By: by,
	}
}

func toAccountRequest(words text.Words, r requestRow) *accounttransferv1.AccountRequest {
	d := r.Doc
	if d == nil {
		return nil
	}
	out := &accounttransferv1.AccountRequest{
		AccountRequestId: r.ID, CustomerId: d.CustomerID, PayerId: d.PayerID, Nickname: d.Nickname,
		SupportType: wire.Value[accounttransferv1.SupportType](string(d.Plan)), Region: d.Region,
		Placement:       wire.Value[accounttransferv1.AccountPlacement](string(d.Placement)),
		ContactPersonId: d.ContactID, RootOwnerPersonId: d.RootOwnerID,
		State: wire.Value[accounttransferv1.AccountRequestState](string(d.State)), Waiting: toWaiting(words, d.Waiting()),
		OperationsGroup: d.Reviewers, InformationByMail: d.Inbox != "", CurrencyCode: d.CurrencyCode, MailboxId: d.MailboxID,
		Requester: wire.Actor(d.Requester), Creation: toCreation(words, &d.Creation), AccountId: d.AccountID, ConnectionId: d.ConnectionID,
		RootAccess: toConfirmation(d.RootAccess), Role: toAccountRole(d),
		SupportPlan:             wire.Value[accounttransferv1.SupportType](string(d.PlanNow)),
		SupportPlanConfirmation: toConfirmation(d.PlanSaid),
		SupportPlanGroup:        wire.Value[accounttransferv1.SupportPlanGroup](string(d.PlanGroup)),
		EndReason:               d.EndReason, EndTime: wire.Time(d.EndedAt),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
	}
	for _, q := range d.Questions {
		out.Questions = append(out.Questions, toQuestion(words, d, q))
	}
	if v := d.Decision; v != nil {
		out.Decision = &accounttransferv1.AccountRequestDecision{
			Approved: v.Approved, Reason: v.Reason, DecidedBy: wire.Actor(v.By), DecideTime: wire.Time(v.At),
		}
	}
	return out
}

func toQuestion(words text.Words, d *accountrequest.Request, q accountrequest.Question) *accounttransferv1.AccountRequestQuestion {
	out := &accounttransferv1.AccountRequestQuestion{
		Question: q.Text, AskTime: wire.Time(q.AskedAt), UntilTime: wire.Time(q.AskedAt.Add(d.Policy.InformationEnds)),
		Answer: q.Answer, AnswerTime: wire.Time(q.AnsweredAt), ByMail: q.ByMail,
	}
	if q.Text == "" {
		out.Question, _ = words.Instruct((&accountrequest.Failure{Reason: q.Reason, Known: true}).Remedy())
	}
	return out
}

func toCreation(words text.Words, c *accountrequest.Creation) *accounttransferv1.AccountCreation {
	if c.Attempts == 0 {
		return nil
	}
	out := &accounttransferv1.AccountCreation{
		AwsRequestId: c.AWSRequestID, Attempts: int32(c.Attempts), RequestTime: wire.Time(c.AskedAt),
	}
	if f := c.Failure; f != nil {
		remedy, _ := words.Instruct(f.Remedy())
		out.Failure = &accounttransferv1.InvitationError{
			Reason: f.Reason, Message: words.Say(f.Says()), Owner: wire.Value[typev1.Party](string(f.Owner)), Remedy: remedy,
		}
	}
	return out
}

func toConfirmation(c *accountrequest.Confirmed) *accounttransferv1.AccountConfirmation {
	if c == nil {
		return nil
	}
	return &accounttransferv1.AccountConfirmation{Evidence: c.Evidence, ConfirmedBy: wire.Actor(c.By), ConfirmTime: wire.Time(c.At)}
}

func toAccountRole(d *accountrequest.Request) *accounttransferv1.AccountRole {
	if d.AccountID == "" {
		return nil
	}
	return &accounttransferv1.AccountRole{
		Arn: d.Role.ARN, ExternalId: d.Role.ExternalID, DeployUrl: d.Role.DeployURL,
		State: wire.Value[accounttransferv1.AccountRoleState](string(d.Role.State)), CheckTime: wire.Time(d.Role.CheckedAt),
	}
}

// hideReseller takes out what the reseller's people said, but for why a request was rejected, which is said to the customer.
func hideReseller(out *accounttransferv1.AccountRequest, d *accountrequest.Request) {
	if v := d.Decision; v != nil {
		out.Decision.DecidedBy = nil
		if v.Approved {
			out.Decision.Reason = ""
		}
	}
	for _, c := range []struct {
		shown *accounttransferv1.AccountConfirmation
		by    *accountrequest.Confirmed
	}{{out.GetRootAccess(), d.RootAccess}, {out.GetSupportPlanConfirmation(), d.PlanSaid}} {
		if c.by != nil && process.OfReseller(c.by.By) {
			c.shown.Evidence, c.shown.ConfirmedBy = "", nil
		}
	}
}

// toldRequest is a request as its events carry it: other services act on what was decided, and have no use for what was said.
func toldRequest(english text.Words, r requestRow) *accounttransferv1.AccountRequest {
	out := toAccountRequest(english, r)
	out.Waiting, out.Questions, out.EndReason = nil, nil, ""
	if out.GetDecision() != nil {
		out.Decision.Reason = ""
	}
	for _, c := range []*accounttransferv1.AccountConfirmation{out.GetRootAccess(), out.GetSupportPlanConfirmation()} {
		if c != nil {
			c.Evidence = ""
		}
	}
	return out
}

// profileOf is what a request for an account needs to know of a customer.
func profileOf(c *ordersv1.Customer) accountrequest.Profile {
	p := accountrequest.Profile{
		CustomerID: c.GetCustomerId(), SellerID: c.GetSellerId(), Name: c.GetDisplayName(), CountryCode: c.GetCountryCode(),
		CurrencyCode: c.GetProvider().GetCurrencyCode(), PricebookID: c.GetProvider().GetPricebookId(),
		PortalEnabled: c.GetProvider().GetPortalEnabled(), PublicSector: c.GetPublicSector(),
	}
	for _, k := range c.GetContacts() {
		p.PersonIDs = append(p.PersonIDs, k.GetPersonId())
		if slices.Contains(k.GetRoles(), ordersv1.ContactRole_CONTACT_ROLE_PRIMARY) {
			p.Primary = append(p.Primary, k.GetPersonId())
		}
		if slices.Contains(k.GetRoles(), ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL) {
			p.Technical = append(p.Technical, k.GetPersonId())
		}
	}
	return p
}
