package people_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/notifications/internal/people"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	anna := people.Person{ID: "anna", Roles: []people.Role{people.Primary}, Address: "anna@example.com"}
	tom := people.Person{ID: "tom", Roles: []people.Role{people.Technical}, Address: "tom@example.com"}
	eve := people.Person{ID: "eve", Roles: []people.Role{people.Technical, people.Billing}, Address: "eve@example.com"}
	twin := people.Person{ID: "twin", Roles: []people.Role{people.Technical}, Address: "tom@example.com"}
	gone := people.Person{ID: "gone", Roles: []people.Role{people.Technical}}

	for name, c := range map[string]struct {
		persons []people.Person
		to      people.Recipient
		want    []string
	}{
		"everybody of the role": {
			[]people.Person{anna, tom, eve}, people.Recipient{Role: people.Technical}, []string{"tom", "eve"},
		},
		"each address once":                      {[]people.Person{tom, twin}, people.Recipient{Role: people.Technical}, []string{"tom"}},
		"the first contact in place of the role": {[]people.Person{tom, anna}, people.Recipient{Role: people.Billing}, []string{"anna"}},
		"an erased person does not count":        {[]people.Person{gone, anna}, people.Recipient{Role: people.Technical}, []string{"anna"}},
		"somebody, when nobody is the first":     {[]people.Person{tom, eve}, people.Recipient{Role: people.Primary}, []string{"tom"}},
		"one person":                             {[]people.Person{anna, tom}, people.Recipient{PersonID: "tom"}, []string{"tom"}},
		"nobody in place of a person":            {[]people.Person{anna, gone}, people.Recipient{PersonID: "gone"}, nil},
		"nobody":                                 {nil, people.Recipient{Role: people.Primary}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := slices.Clone(c.persons)
			var got []string
			for _, p := range people.Choose(c.persons, c.to) {
				got = append(got, p.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("chosen are %v, want %v", got, c.want)
			}
			if len(before) > 0 && before[0].ID != c.persons[0].ID {
				t.Error("the people were changed")
			}
		})
	}
}

func TestRecipient(t *testing.T) {
	t.Parallel()
	for _, wrong := range []people.Recipient{{}, {Role: people.Primary, PersonID: "per_1"}} {
		if got := errs.ReasonOf(wrong.Check()); got != people.ReasonRecipientInvalid {
			t.Errorf("%+v is refused with %q", wrong, got)
		}
	}
	for _, right := range []people.Recipient{{Role: people.Operations}, {PersonID: "per_1"}} {
		if err := right.Check(); err != nil {
			t.Errorf("%+v is refused with %v", right, err)
		}
	}
}

// TestOfNobody: Operations gets mails about what belongs to no customer; the people of no customer are nobody.
func TestOfNobody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		to       people.Recipient
		customer string
		refused  bool
	}{
		{people.Recipient{Role: people.Operations}, "", false},
		{people.Recipient{Role: people.Operations}, "cus_1", false},
		{people.Recipient{Role: people.Billing}, "cus_1", false},
		{people.Recipient{Role: people.Billing}, "", true},
		{people.Recipient{PersonID: "per_1"}, "", true},
		{people.Recipient{}, "cus_1", true},
	} {
		if err := c.to.Of(c.customer); (err != nil) != c.refused {
			t.Errorf("%+v of %q: %v", c.to, c.customer, err)
		}
	}
}
