package state

import (
	"time"

	"example.com/handover/pkg/calendar"
)

// The two that AWS bills for, as Cost Explorer calls them.
const (
	BilledByAWS         = "AWS"
	BilledByMarketplace = "AWS Marketplace"
)

// Usage is one line of what an account has used in a month, and what it costs.
type Usage struct {
	ID            string         // chosen by whoever records it, who may then repeat it; empty: u-…
	Account       string         // that used it
	Source        string         // management account of its organization at that time; the account itself when alone
	Month         calendar.Month // whose bill it is on
	Day           int            // of the month, from 1
	Service       string         // "Amazon Simple Storage Service"
	UsageType     string         // "EUC1-TimedStorage-ByteHrs"; may be empty
	RecordType    string         // "Usage", "Solution Provider Program Discount", "Support", "Tax", "Credit", …
	BillingEntity string         // BilledByAWS or BilledByMarketplace
	LegalEntity   string         // the seller of record
	Region        string         // "eu-central-1"; may be empty
	Quantity      string         // plain decimal, in whatever unit
	Amount        string         // plain decimal
	Currency      string         // "USD"
	RecordedAt    time.Time
}

// Bill names all usage of an organization in a month.
func Bill(source string, month calendar.Month) string { return source + " " + month.String() }

func (u Usage) key() string       { return u.ID }
func (u Usage) since() time.Time  { return u.RecordedAt }
func (u Usage) parties() []string { return []string{u.Source, Bill(u.Source, u.Month)} }
