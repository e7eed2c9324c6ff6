package accountrequest

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// The looks into the account, by the names of their effects.
const (
	LookRole = "check-account-role"
	LookPlan = "check-support-plan"
)

// RoleState is what the validation of the role found.
type RoleState string

// The states of a role; empty: none was entered.
const (
	RoleEntered           RoleState = "ENTERED"
	RoleValid             RoleState = "VALID"
	RoleNotAssumable      RoleState = "NOT_ASSUMABLE"
	RoleExternalIDMissing RoleState = "EXTERNAL_ID_MISSING"
)

// Role is the role by which the reseller is let into the account. Its external id is the request's id: unique, and no secret.
type Role struct {
	ARN        string    `json:"arn,omitempty"`
	ExternalID string    `json:"external_id,omitempty"`
	DeployURL  string    `json:"deploy_url,omitempty"` // where it is deployed with one click; empty: nowhere
	State      RoleState `json:"state,omitempty"`
	CheckedAt  time.Time `json:"checked_at,omitzero"`
}

// The checks that are still to be done before the account is ready.
const (
	checkRoot  = "root-access"
	checkRole  = "role"
	checkPlan  = "support-plan"
	checkGroup = "plan-group"
)

// open returns the checks that are to be done, in the order in which people do them (XFR-NA-19 … XFR-NA-23).
func (r *Request) open() []string {
	var all []string
	if r.State != FollowUp {
		return nil
	}
	for _, check := range []struct {
		name string
		done bool
	}{
		{checkRoot, r.RootAccess != nil},
		{checkRole, r.Role.State == RoleValid},
		{checkPlan, r.PlanNow == r.Plan},
		{checkGroup, r.PlanGroup != ""},
	} {
		if !check.done {
			all = append(all, check.name)
		}
	}
	return all
}

// done closes a check: the account is ready when it was the last one.
func (r *Request) done(now time.Time, facts ...fact.Fact) []fact.Fact {
	if r.State == FollowUp && len(r.open()) == 0 {
		r.become(Ready, now)
		facts = append(facts, tell(FactReady))
	}
	return facts
}

// AccountGone ends the follow-up of an account that AWS does not hold for the payer any more.
func (r *Request) AccountGone(now time.Time) []fact.Fact {
	if r.State != FollowUp {
		return nil
	}
	r.become(Cancelled, now)
	f := tell(FactCancelled)
	f.Text = "account_request.account_gone"
	return []fact.Fact{f}
}

// ConfirmRootAccess says that the root owner can sign in (XFR-NA-19).
func (r *Request) ConfirmRootAccess(evidence string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	said, err := r.confirmed("confirmed to have its root user's access", evidence, by, now)
	if err != nil {
		return nil, err
	}
	r.RootAccess = said
	return r.done(now, tell(FactRootAccessConfirmed)), nil
}

// confirmed is somebody's word. The customer's own is enough, of others evidence is asked.
func (r *Request) confirmed(verb, evidence string, by call.Actor, now time.Time) (*Confirmed, error) {
	switch {
	case r.State != FollowUp:
		return nil, r.refuses(verb)
	case evidence == "" && by.Role != "CUSTOMER":
		return nil, evidenceRequired()
	}
	return &Confirmed{Evidence: evidence, By: by, At: now}, nil
}

// EnterRole has the role of that ARN validated now (XFR-NA-22).
func (r *Request) EnterRole(arn string) ([]fact.Fact, error) {
	if r.State != FollowUp {
		return nil, r.refuses("given a role")
	}
	if account := strings.Split(arn+":::::", ":")[4]; account != r.AccountID {
		return nil, errs.InvalidField("role_arn", ReasonRoleMismatch, "the role is of account %q, the request's is %s", account, r.AccountID).
			WithRemedy(customerMends("remedy.role-of-account"))
	}
	r.Role.ARN, r.Role.State, r.Role.CheckedAt = arn, RoleEntered, time.Time{}
	return []fact.Fact{tell(FactRoleEntered, "arn", arn)}, nil
}

// RoleWanted is when the role is tried: at once, and while it is not valid once a day.
func RoleWanted(r *Request) []intent.Want {
	switch {
	case r.State != FollowUp || r.Role.State == "" || r.Role.State == RoleValid:
		return nil
	case r.Role.CheckedAt.IsZero():
		return intent.Now()
	}
	return intent.At(r.Role.CheckedAt.Add(day))
}

// RoleSeen notes what was found of a role; one that was entered since is looked at by itself.
func (r *Request) RoleSeen(arn string, state RoleState, now time.Time) ([]fact.Fact, error) {
	if r.State != FollowUp || r.Role.ARN != arn {
		return nil, nil
	}
	news := r.Role.State != state
	r.Role.State, r.Role.CheckedAt = state, now
	switch {
	case !news:
		return nil, nil
	case state == RoleValid:
		return r.done(now, tell(FactRoleValidated, "arn", arn)), nil
	}
	return []fact.Fact{tell(FactRoleRefused, "arn", arn, "state", string(state))}, nil
}

// ConfirmOtherPlan says which support plan the account has now, and that it is wanted in place of the one that was asked for.
func (r *Request) ConfirmOtherPlan(plan Plan, evidence string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	asked := r.Plan
	r.Plan = plan
	facts, err := r.ConfirmPlan(plan, evidence, by, now)
	switch {
	case err != nil:
		r.Plan = asked
	case asked != plan:
		facts[0] = facts[0].With("asked", string(asked)) // kept nowhere else
	}
	return facts, err
}

// ConfirmPlan says which support plan the account has now (XFR-NA-21). One that was not asked for leaves the account unready.
func (r *Request) ConfirmPlan(plan Plan, evidence string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	said, err := r.confirmed("given a support plan", evidence, by, now)
	switch {
	case err != nil:
		return nil, err
	case r.PlanGroup == BusinessSupport && plan != Business:
		return nil, groupMismatch(plan)
	}
	r.PlanNow, r.PlanSaid = plan, said
	return r.done(now, tell(FactPlanConfirmed, "support_plan", string(plan))), nil
}

// SetPlanGroup sets how support charges are assigned to the account (XFR-NA-23). The price of Business Support is for an account
// that has that plan, or is to have it.
func (r *Request) SetPlanGroup(g Group, now time.Time) ([]fact.Fact, error) {
	plan := r.Plan
	if r.PlanSaid != nil {
		plan = r.PlanNow
	}
	switch {
	case r.State != FollowUp:
		return nil, r.refuses("given a support plan group")
	case g == BusinessSupport && plan != Business:
		return nil, groupMismatch(plan)
	case r.PlanGroup == g:
		return nil, nil
	}
	r.PlanGroup = g
	return r.done(now, tell(FactPlanGroupSet, "support_plan_group", string(g))), nil
}

func groupMismatch(plan Plan) error {
	return errs.New(errs.Precondition, ReasonGroupMismatch, "the group of Business Support does not fit an account with the plan %s", plan).
		WithMeta("support_plan", string(plan)).WithRemedy(operatorMends("remedy.plan-group"))
}

// What AWS calls the severity levels by which a plan is told.
const (
	levelUrgent   = "urgent"
	levelCritical = "critical"
)

// PlanWanted is when AWS is asked which plan the account has: once the role lets us in, while Business is still to be confirmed. AWS
// tells no other plan that may be asked for apart from none.
func PlanWanted(r *Request) []intent.Want {
	if r.Role.State != RoleValid || r.Plan != Business || !slices.Contains(r.open(), checkPlan) {
		return nil
	}
	if r.PlanSeenAt.IsZero() {
		return intent.Now()
	}
	return intent.At(r.PlanSeenAt.Add(min(max(r.PlanSeenAt.Sub(r.Since)/8, time.Hour), day)))
}

// PlanSeen notes the severity levels that AWS gives the account's cases; not known: the role may not ask. The levels of Business
// confirm that plan without anybody's word; those of a higher one are left to people.
func (r *Request) PlanSeen(levels []string, known bool, now time.Time) ([]fact.Fact, error) {
	r.PlanSeenAt = now
	business := slices.Contains(levels, levelUrgent) && !slices.Contains(levels, levelCritical)
	if !known || !business || !slices.Contains(r.open(), checkPlan) {
		return nil, nil
	}
	r.PlanNow, r.PlanSaid = Business, &Confirmed{Evidence: strings.Join(levels, ", "), At: now}
	return r.done(now, tell(FactPlanConfirmed, "support_plan", string(Business))), nil
}
