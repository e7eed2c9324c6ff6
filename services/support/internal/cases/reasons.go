package cases

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses   = "STATE_REFUSES"
	ReasonCaseClosed     = "CASE_CLOSED"
	ReasonKindDenied     = "KIND_DENIED"
	ReasonFieldRequired  = "FIELD_REQUIRED"
	ReasonAudienceDenied = "AUDIENCE_DENIED"
)

// going refuses what an ended case does not accept.
func (c *Case) going(verb string) error {
	if !c.State.Ended() {
		return nil
	}
	return errs.New(errs.Precondition, ReasonCaseClosed, "a case in state %s cannot be %s", c.State, verb).
		WithMeta("state", string(c.State)).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.open_another")})
}

func (c *Case) stateRefuses(format string, args ...any) error {
	return errs.New(errs.Precondition, ReasonStateRefuses, format, args...).WithMeta("state", string(c.State))
}
