package catalogue

import "example.com/handover/pkg/accountid"

// Partition is a separate world of AWS.
type Partition string

// The partitions.
const (
	PartitionAWS      Partition = "AWS"        // the commercial regions
	PartitionGovCloud Partition = "AWS_US_GOV" // GovCloud (US)
	PartitionChina    Partition = "AWS_CN"     // Beijing, Ningxia
)

// Declared is what the customer says about its organization and what no call can find out beforehand.
type Declared struct {
	PrivatePricing       bool      `json:"private_pricing,omitempty"`       // has a private pricing agreement with AWS
	TierTwoResale        bool      `json:"tier_two_resale,omitempty"`       // would be resold once more
	Partition            Partition `json:"partition,omitempty"`             // empty: not said
	PermissionsConfirmed bool      `json:"permissions_confirmed,omitempty"` // its people may do what the journey asks (ORD-032)
}

// ValidAccountID reports whether s has the form of an AWS account id: twelve digits.
func ValidAccountID(s string) bool { return accountid.Valid(s) }

// ReadAccountIDs reads the ids of accounts as people paste them.
func ReadAccountIDs(pasted []string) []string {
	all := make([]string, len(pasted))
	for i, s := range pasted {
		all[i] = accountid.Read(s)
	}
	return all
}
