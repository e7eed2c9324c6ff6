package wiretest

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/wire"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Known fails for each word that the enum does not have, and when there are no words at all. Case does not count.
func Known[E protoreflect.Enum](t testing.TB, words []string) {
	t.Helper()
	name := (*new(E)).Descriptor().FullName()
	if len(words) == 0 {
		t.Errorf("%s: no word to look up", name)
	}
	for _, word := range words {
		if !has[E](word) {
			t.Errorf("%s does not know %q", name, word)
		}
	}
}

// KnownReasons fails for each reason that neither the service's own enum has nor the platform's.
func KnownReasons[E protoreflect.Enum](t testing.TB, reasons []string) {
	t.Helper()
	if len(reasons) == 0 {
		t.Error("no reason to look up")
	}
	for _, reason := range reasons {
		if !has[E](reason) && !has[typev1.PlatformReason](reason) {
			t.Errorf("neither %s nor the platform's reasons know %q", (*new(E)).Descriptor().FullName(), reason)
		}
	}
}

func has[E protoreflect.Enum](word string) bool {
	return wire.Value[E](strings.ToUpper(word)).Number() != 0
}
