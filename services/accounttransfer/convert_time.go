package accounttransfer

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/wire"
)

// The years in which a transfer can be spoken of. Far outside them the arithmetic of dates leaves what a timestamp holds.
const (
	firstYear = 2000
	lastYear  = 2200
)

// moment reads a time that a caller chose; zero for none. Refused with REQUEST_INVALID when it is no time, or none that
// a transfer can have.
func moment(field string, t *timestamppb.Timestamp) (time.Time, error) {
	at := wire.FromTime(t)
	if t != nil && (!t.IsValid() || at.Year() < firstYear || at.Year() > lastYear) {
		return time.Time{}, errs.InvalidField(field, "REQUEST_INVALID", "is no time between the years %d and %d", firstYear, lastYear)
	}
	return at, nil
}
