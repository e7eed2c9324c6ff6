package wire_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/wire"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Every value of an enum survives the way to a domain's word and back; the zero value is no word.
func TestEnumsKeepTheirNames(t *testing.T) {
	for number, full := range optionsv1.Role_name {
		role := optionsv1.Role(number)
		name := wire.Name(role)
		if number == 0 {
			if name != "" {
				t.Errorf("%s has the name %q", full, name)
			}
			continue
		}
		if "ROLE_"+name != full || wire.Value[optionsv1.Role](name) != role {
			t.Errorf("%s is %q, and that is %s", full, name, wire.Value[optionsv1.Role](name))
		}
	}
}

func TestWhatTheContractDoesNotKnow(t *testing.T) {
	if name := wire.Name(typev1.Audience(4711)); name != "" {
		t.Errorf("an unknown number is %q", name)
	}
	for _, name := range []string{"", "NOBODY", "AUDIENCE_CUSTOMER", "customer", "UNSPECIFIED"} {
		if v := wire.Value[typev1.Audience](name); v != 0 {
			t.Errorf("%q is %s", name, v)
		}
	}
}

func TestListsOfEnums(t *testing.T) {
	values := []typev1.Audience{typev1.Audience_AUDIENCE_CUSTOMER, typev1.Audience_AUDIENCE_INTERNAL}
	names := []string{"CUSTOMER", "INTERNAL"}
	if got := wire.Names(values); !slices.Equal(got, names) {
		t.Errorf("names %q", got)
	}
	if wire.Names[typev1.Audience](nil) == nil {
		t.Error("an empty list is nil")
	}
}
