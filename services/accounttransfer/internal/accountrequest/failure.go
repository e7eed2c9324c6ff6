package accountrequest

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

const day = 24 * time.Hour

// The reasons of AWS that are more than words here. All others are AWS's own, too.
const (
	EmailAlreadyExists = "EMAIL_ALREADY_EXISTS"
	invalidEmail       = "INVALID_EMAIL"
	limitExceeded      = "ACCOUNT_LIMIT_EXCEEDED"
	AccessDenied       = "ACCESS_DENIED"           // the suite's role may not create accounts
	Finalizing         = "FINALIZING_ORGANIZATION" // the organization is new
)

// Failure is why AWS did not create the account, and who can mend that.
type Failure struct {
	Reason  string        `json:"reason"` // AWS's own
	Known   bool          `json:"known,omitempty"`
	Owner   process.Party `json:"owner"`
	Since   time.Time     `json:"since"`             // when it was first so
	RetryAt time.Time     `json:"retry_at,omitzero"` // zero: only when somebody asks
}

// Says is the sentence of a failure, and its Remedy what is to be done.
func (f *Failure) Says() text.Text { return text.New(f.key()+".message", "reason", f.Reason) }

// Remedy is an instruction.
func (f *Failure) Remedy() text.Text { return text.New(f.key(), "reason", f.Reason) }

func (f *Failure) key() string {
	if !f.Known {
		return "account-refusal.other"
	}
	return "account-refusal." + f.Reason
}

// judged is who must act on one of AWS's reasons, and when it is tried again by itself.
type judged struct {
	owner process.Party
	after time.Duration // 0: only when somebody asks
}

// refusals are AWS's reasons not to create an account.
func refusals() map[string]judged {
	customer := judged{owner: process.Customer} // gives another root address
	passes := judged{owner: process.AWS, after: time.Hour}
	payer := judged{owner: process.Reseller, after: day}
	by := judged{owner: process.Reseller}
	return map[string]judged{
		EmailAlreadyExists: customer,
		invalidEmail:       customer,

		"CONCURRENT_ACCOUNT_MODIFICATION": passes,
		"INTERNAL_FAILURE":                passes,
		Finalizing:                        passes,

		limitExceeded:                              payer,
		AccessDenied:                               {owner: process.Reseller, after: time.Hour},
		"INVALID_ADDRESS":                          payer,
		"MISSING_BUSINESS_VALIDATION":              payer,
		"FAILED_BUSINESS_VALIDATION":               payer,
		"PENDING_BUSINESS_VALIDATION":              payer,
		"UNKNOWN_BUSINESS_VALIDATION":              payer,
		"INVALID_IDENTITY_FOR_BUSINESS_VALIDATION": payer,
		"MISSING_PAYMENT_INSTRUMENT":               payer,
		"INVALID_PAYMENT_INSTRUMENT":               payer,

		"GOVCLOUD_ACCOUNT_ALREADY_EXISTS":                         by,
		"UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED": by,
	}
}

// Reasons returns every reason that is judged, for a test that holds them against AWS's own list.
func Reasons() []string { return slices.Sorted(maps.Keys(refusals())) }

// needsAddress reports whether only another root address mends a refusal.
func needsAddress(reason string) bool { return reason == EmailAlreadyExists || reason == invalidEmail }

// sameReason are other names that AWS has for its reasons, in the refusal of the call itself.
func sameReason(reason string) string {
	switch reason {
	case "ACCOUNT_NUMBER_LIMIT_EXCEEDED":
		return limitExceeded
	case "AccessDenied", "AccessDeniedForDependency":
		return AccessDenied
	case "FinalizingOrganization":
		return Finalizing
	}
	return reason
}

// CreationFailed notes that AWS did not create the account. An address that it does not take is asked of the customer anew; all else
// waits for who can mend it, and is tried again by itself where that can help.
func (r *Request) CreationFailed(reason string, now time.Time) ([]fact.Fact, error) {
	if r.State != Creating {
		return nil, nil
	}
	reason = sameReason(reason)
	j, known := refusals()[reason]
	if !known {
		j.owner = process.Reseller
	}
	failure := &Failure{Reason: reason, Known: known, Owner: j.owner, Since: now}
	if j.after > 0 {
		failure.RetryAt = now.Add(j.after)
	}
	before := r.Creation.Failure
	again := before != nil && before.Reason == reason
	if again {
		failure.Since = before.Since
	}
	r.Creation.Failure, r.Creation.Again, r.Creation.AWSRequestID = failure, false, ""
	if again && !needsAddress(reason) {
		return nil, nil // the same again is no news
	}
	facts := []fact.Fact{fact.Because(fact.Internally(tell(FactCreationFailed, "owner", string(j.owner))), reason)}
	if needsAddress(reason) {
		facts = append(facts, r.ask(Question{Reason: reason, AskedAt: now}, now))
	}
	return facts, nil
}
