package organizations

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// inbound refuses another transfer to an organization whose quota is used up. Pending invitations count, withdrawn
// transfers do not.
func (s Settings) inbound(tx *state.Tx, o state.Organization) error {
	quota := s.InboundQuota
	if o.InboundQuota != nil {
		quota = *o.InboundQuota
	}
	used := 0
	for _, t := range tx.Transfers.Of(o.Management) {
		t = t.At(tx.Now())
		if t.Target == o.Management && (t.Status == types.ResponsibilityTransferStatusRequested ||
			t.Status == types.ResponsibilityTransferStatusAccepted) {
			used++
		}
	}
	switch {
	case used >= s.TotalInbound:
		return constraint(types.ConstraintViolationExceptionReasonResponsibilityTransferMaxTransfersQuotaViolation,
			"You have exceeded the maximum number of inbound transfers allowed in a transfer chain.")
	case used >= quota:
		return constraint(types.ConstraintViolationExceptionReasonResponsibilityTransferMaxInboundQuotaViolation,
			"You have exceeded your inbound transfers limit.")
	}
	return nil
}

// outbound refuses a transfer from an organization that is paid for by somebody else at that start.
func outbound(tx *state.Tx, account string, start time.Time) error {
	for _, t := range tx.Transfers.Of(account) {
		if t.Source != account || !t.Binds(start) {
			continue
		}
		if t.Status == types.ResponsibilityTransferStatusAccepted {
			return constraint(types.ConstraintViolationExceptionReasonResponsibilityTransferMaxOutboundQuotaViolation,
				"You have exceeded your outbound transfers limit.")
		}
		return alreadyExists() // withdrawn, but it ends after the new one would start
	}
	return nil
}

// between refuses a second transfer from the same source to the same target.
func between(tx *state.Tx, source, payer string, start time.Time) error {
	for _, t := range tx.Transfers.Of(source) {
		if t.Source == source && t.Target == payer && t.Binds(start) {
			return alreadyExists()
		}
	}
	return nil
}

func alreadyExists() error {
	return handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonResponsibilityTransferAlreadyExists,
		"You cannot perform this operation with the current transfer.")
}

// chain refuses a transfer that would make too long a row of payers who are paid for.
func (s Settings) chain(tx *state.Tx, source, payer string) error {
	if depth(tx, source, payerSide)+1+depth(tx, payer, sourceSide) > s.ChainLength {
		return constraint(types.ConstraintViolationExceptionReasonResponsibilityTransferMaxLevelViolation,
			"You have exceeded the maximum length of your transfer chain.")
	}
	return nil
}

// payerSide and sourceSide give the far end of a transfer in which the account is the payer, or the source.
func payerSide(t state.Transfer, account string) (string, bool) { return t.Source, t.Target == account }

func sourceSide(t state.Transfer, account string) (string, bool) {
	return t.Target, t.Source == account
}

// depth is the longest row of binding transfers that begins at the account.
func depth(tx *state.Tx, account string, far func(state.Transfer, string) (string, bool)) int {
	longest := 0
	if account == "" {
		return 0
	}
	for _, t := range tx.Transfers.Of(account) {
		if other, ok := far(t, account); ok && t.Binds(tx.Now()) {
			longest = max(longest, 1+depth(tx, other, far))
		}
	}
	return longest
}

// rate refuses a handshake more than an organization may send in a day.
func (s Settings) rate(tx *state.Tx, o state.Organization) error {
	most := s.HandshakesPerDay
	if o.DailyInvitations != nil {
		most = *o.DailyInvitations
	}
	if most == 0 {
		return nil
	}
	sent := 0
	for _, h := range tx.Handshakes.Of(o.Management) {
		if h.Sender == o.Management && h.RequestedAt.After(tx.Now().Add(-24*time.Hour)) {
			sent++
		}
	}
	if sent >= most {
		return constraint(types.ConstraintViolationExceptionReasonHandshakeRateLimitExceeded,
			"You attempted to exceed the number of handshakes that you can send in one day.")
	}
	return nil
}

// finalizing refuses an organization that was created only just.
func (s Settings) finalizing(o state.Organization, now time.Time) error {
	if now.Before(o.CreatedAt.Add(s.Finalizing)) {
		return &types.FinalizingOrganizationException{Message: aws.String("Your organization is still initializing.")}
	}
	return nil
}

// room reports whether the organization may have another account; pending invitations count.
func (s Settings) room(tx *state.Tx, o state.Organization) bool {
	used := len(tx.Members(o.ID))
	for _, h := range tx.Handshakes.Of(o.Management) {
		if h = h.At(tx.Now()); h.Sender == o.Management && h.Action == types.ActionTypeInviteAccountToOrganization && h.Pending() {
			used++
		}
	}
	most := s.AccountLimit
	if o.AccountQuota != nil {
		most = *o.AccountQuota
	}
	return most == 0 || used < most
}
