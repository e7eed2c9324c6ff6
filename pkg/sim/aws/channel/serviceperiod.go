package channel

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	organizations "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/state"
)

const shortest, longest = 60, 365 // days that a fixed commitment may last

const endField = "payload.endDate"

// start checks the form of a proposed service period.
func (f *findings) start(p types.StartServicePeriodPayload) {
	f.require(payloadID, p.ProgramManagementAccountIdentifier)
	f.check(note, p.Note)
	f.check(noticeDays, p.MinimumNoticeDays)
	requireEnum(f, "payload.servicePeriodType", p.ServicePeriodType)
	fixed := p.ServicePeriodType == types.ServicePeriodTypeFixedCommitmentPeriod
	notice := p.ServicePeriodType == types.ServicePeriodTypeMinimumNoticePeriod
	switch {
	case fixed && p.EndDate == nil:
		f.add(endField, "REQUIRED_FIELD_MISSING", "A fixed commitment needs an end.")
	case fixed && p.MinimumNoticeDays != nil:
		f.add(noticeDays.name, "INVALID_VALUE", "A fixed commitment has no notice.")
	case notice && p.MinimumNoticeDays == nil:
		f.add(noticeDays.name, "REQUIRED_FIELD_MISSING", "A notice period needs its days.")
	case notice && p.EndDate != nil:
		f.add(endField, "INVALID_VALUE", "A notice period has no end.")
	}
}

// periodOf is the service period that a payload is about: the one it proposes, or the one that runs.
func periodOf(tx *state.Tx, r state.Relationship, payload types.ChannelHandshakePayload) (state.ServicePeriod, error) {
	proposed, ok := payload.(*types.ChannelHandshakePayloadMemberStartServicePeriodPayload)
	if !ok {
		running, ok := runningPeriod(tx, r.ID)
		if !ok {
			return state.ServicePeriod{}, unfit(
				"associatedResourceIdentifier", "INVALID_RESOURCE_STATE", "The relationship has no service period to revoke.",
			)
		}
		return running.Period, nil
	}
	period := state.ServicePeriod{Type: proposed.Value.ServicePeriodType}
	if period.Type == types.ServicePeriodTypeMinimumNoticePeriod {
		if !slices.Contains([]string{"14", "30", "60"}, *proposed.Value.MinimumNoticeDays) {
			return period, unfit(noticeDays.name, "INVALID_VALUE", "A notice is of 14, 30 or 60 days.")
		}
		var err error
		period.NoticeDays, err = strconv.Atoi(*proposed.Value.MinimumNoticeDays)
		return period, err
	}
	period.EndsAt = proposed.Value.EndDate.UTC()
	if days := daysUntil(tx.Now(), period.EndsAt); days < shortest || days > longest {
		return period, unfit(endField, "VALUE_OUT_OF_RANGE", "A fixed commitment ends in 60 to 365 days.")
	}
	return period, nil
}

// daysUntil counts the dates between two times.
func daysUntil(now, end time.Time) int {
	midnight := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	return int(midnight(end).Sub(midnight(now)) / (24 * time.Hour))
}

// runningPeriod is the handshake whose service period binds the relationship now.
func runningPeriod(tx *state.Tx, relationship string) (state.ChannelHandshake, bool) {
	all := tx.Proposals.Of(relationship)
	i := slices.IndexFunc(all, func(h state.ChannelHandshake) bool { return h.Binds(tx.Now()) })
	if i < 0 {
		return state.ChannelHandshake{}, false
	}
	return all[i], true
}

// agree carries an accepted proposal out: the period that has run so far is over, and the transfer of the receiver's
// billing to the sender is bound by the new one or by none.
func agree(tx *state.Tx, h *state.ChannelHandshake) {
	if old, ok := runningPeriod(tx, h.Relationship); ok {
		old.Period.RevokedAt = tx.Now()
		tx.Proposals.Put(old)
	}
	bound := state.ServicePeriod{}
	if h.Type == types.HandshakeTypeStartServicePeriod {
		h.Period.StartsAt = tx.Now()
		bound = h.Period
	}
	for _, t := range tx.Transfers.Of(h.Receiver) {
		if t.Source == h.Receiver && t.Target == h.Sender && t.Status == organizations.ResponsibilityTransferStatusAccepted {
			t.CommittedUntil, t.NoticeDays = bound.EndsAt, bound.NoticeDays
			tx.Transfers.Put(t)
		}
	}
}

// detailOf is what lists show of a handshake's period.
func detailOf(h state.ChannelHandshake) types.HandshakeDetail {
	d := types.StartServicePeriodHandshakeDetail{ServicePeriodType: h.Period.Type}
	if h.Note != "" {
		d.Note = aws.String(h.Note)
	}
	if h.Period.NoticeDays > 0 {
		d.MinimumNoticeDays = aws.String(strconv.Itoa(h.Period.NoticeDays))
	}
	if !h.Period.EndsAt.IsZero() {
		d.EndDate = aws.Time(h.Period.EndsAt)
	}
	if !h.Period.StartsAt.IsZero() {
		d.StartDate = aws.Time(h.Period.StartsAt)
	}
	if h.Type == types.HandshakeTypeRevokeServicePeriod {
		return &types.HandshakeDetailMemberRevokeServicePeriodHandshakeDetail{Value: types.RevokeServicePeriodHandshakeDetail(d)}
	}
	return &types.HandshakeDetailMemberStartServicePeriodHandshakeDetail{Value: d}
}
