package aws

import (
	"context"
	"errors"
	"regexp"
	"unicode/utf8"

	"github.com/aws/smithy-go"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/channel"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

var programPattern = regexp.MustCompile(`^pma-[a-z0-9]{13}$`)

// RegisterProgramManagementAccount makes an account a program management account of Partner Central, under a name of
// at most 30 characters that customers see, and returns its id: the chosen one, or for an empty one what AWS chooses.
// One that is registered already keeps its id. It returns errs.NotFound (ACCOUNT_NOT_FOUND) for an unknown account,
// errs.Invalid for the name (NAME_INVALID) or an id that is not "pma-" and 13 small letters or digits
// (PROGRAM_ID_INVALID), and errs.Exists for the id of another account (PROGRAM_ID_TAKEN).
func (s *Simulator) RegisterProgramManagementAccount(ctx context.Context, account, displayName, chosen string) (id string, err error) {
	if n := utf8.RuneCountInString(displayName); n < 1 || n > 30 {
		return "", errs.InvalidField("display_name", "NAME_INVALID", "a display name has 1 to 30 characters")
	}
	if chosen != "" && !programPattern.MatchString(chosen) {
		return "", errs.InvalidField("id", "PROGRAM_ID_INVALID", "%q is not pma- and 13 small letters or digits", chosen)
	}
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		if _, ok := tx.Accounts.Get(account); !ok {
			return accountNotFound(account)
		}
		if other, ok := tx.Programs.Get(chosen); ok && other.Account != account {
			return errs.New(errs.Exists, "PROGRAM_ID_TAKEN", "another account is registered as %s", chosen)
		}
		id = channel.Register(tx, account, displayName, chosen).ID
		return nil
	})
	return id, err
}

// Relationships returns the partner relationships of an account, on either side; for an empty account all there are.
// They are in the order in which they began.
func (s *Simulator) Relationships(account string) (all []state.Relationship) {
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		if all = tx.Relationships.Of(account); account == "" {
			all = tx.Relationships.All()
		}
		return nil
	})
	return all
}

// ServiceTerms returns the proposals about service periods that an account has sent or received, as they stand now,
// oldest first; for an empty account all there are.
func (s *Simulator) ServiceTerms(account string) (all []state.ChannelHandshake) {
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		if all = tx.Proposals.Of(account); account == "" {
			all = tx.Proposals.All()
		}
		for i := range all {
			all[i] = all[i].At(tx.Now())
		}
		return nil
	})
	return all
}

// AcceptServiceTerm agrees to the newest pending proposal that the account has received: to begin a service period, or
// to end one early. It returns errs.NotFound (NO_SERVICE_TERM) when none is pending.
func (s *Simulator) AcceptServiceTerm(ctx context.Context, account string) (state.ChannelHandshake, error) {
	return s.answerTerm(account, func(catalog, id *string) error {
		_, err := s.partners.AcceptChannelHandshake(as(ctx, account), &sdk.AcceptChannelHandshakeInput{Catalog: catalog, Identifier: id})
		return err
	})
}

// RejectServiceTerm refuses the newest pending proposal that the account has received. It returns errs.NotFound
// (NO_SERVICE_TERM) when none is pending.
func (s *Simulator) RejectServiceTerm(ctx context.Context, account string) (state.ChannelHandshake, error) {
	return s.answerTerm(account, func(catalog, id *string) error {
		_, err := s.partners.RejectChannelHandshake(as(ctx, account), &sdk.RejectChannelHandshakeInput{Catalog: catalog, Identifier: id})
		return err
	})
}

func (s *Simulator) answerTerm(account string, answer func(catalog, id *string) error) (state.ChannelHandshake, error) {
	var newest state.ChannelHandshake
	for _, h := range s.ServiceTerms(account) {
		if h.Receiver == account && h.Pending() {
			newest = h
		}
	}
	if newest.ID == "" {
		return newest, errs.New(errs.NotFound, "NO_SERVICE_TERM", "the account %s has no service term to answer", account)
	}
	catalog := channel.Catalog
	if err := answer(&catalog, &newest.ID); err != nil {
		return state.ChannelHandshake{}, refusedByPartner(err)
	}
	err := s.state.View(func(tx *state.Tx) error {
		newest, _ = tx.Proposals.Get(newest.ID)
		return nil
	})
	return newest, err
}

// as is what the console does on behalf of an account.
func as(ctx context.Context, account string) context.Context {
	return identity.With(ctx, identity.Caller{Account: account})
}

// refusedByPartner turns an exception into the suite's error: the handshake has just ended otherwise.
func refusedByPartner(err error) error {
	exception, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return err
	}
	reason := exception.ErrorCode()
	if invalid, ok := errors.AsType[*types.ValidationException](err); ok && len(invalid.FieldList) > 0 {
		reason = *invalid.FieldList[0].Code
	}
	return errs.Wrap(exception, errs.Precondition, reason, "%s", exception.ErrorMessage())
}

// MailsAccepted is how many mails SES has taken since the start of the process.
func (s *Simulator) MailsAccepted() int { return s.mails.Accepted() }
