package accounttransfer

import (
	"testing"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/errs"
)

// TestLater tells what parks a transfer after some tries from what is tried for as long as it takes.
func TestLater(t *testing.T) {
	for code, want := range map[string]errs.Kind{
		"AccessDeniedException": errs.Unavailable, "ExpiredToken": errs.Unavailable, "InvalidInputException": errs.Precondition,
	} {
		err := (&reconciler{}).later(&smithy.GenericAPIError{Code: code, Fault: smithy.FaultClient})
		if got := errs.KindOf(err); got != want {
			t.Errorf("%s: got %v, want %v", code, got, want)
		}
	}
}
