package accountrequest

import "testing"

// TestOnePersonOneMail: whoever is both the customer's first contact and its technical one is reminded once of what is to be done.
func TestOnePersonOneMail(t *testing.T) {
	for name, tt := range map[string]struct {
		primary, technical []string
		owner, contact     string // persons that were named; empty: whoever has the role
		mails              int
	}{
		"two people":                          {[]string{"per_1"}, []string{"per_2"}, "", "", 2},
		"one person for both":                 {[]string{"per_1"}, []string{"per_1"}, "", "", 1},
		"one of the technical ones":           {[]string{"per_1"}, []string{"per_1", "per_2"}, "", "", 1},
		"one more to talk to":                 {[]string{"per_1", "per_2"}, []string{"per_1"}, "", "", 2},
		"the named owner is the first person": {[]string{"per_1"}, []string{"per_2"}, "per_1", "", 1},
		"the named contact is technical":      {[]string{"per_1"}, []string{"per_2"}, "", "per_2", 1},
		"the same named twice":                {nil, nil, "per_3", "per_3", 1},
		"nobody is known":                     {nil, nil, "", "", 2},
	} {
		r := &Request{State: FollowUp, RootOwnerID: tt.owner, ContactID: tt.contact, AccountID: "111122223333"}
		if _, changed := r.PeopleAre(Profile{
			PersonIDs: []string{"per_1", "per_2", "per_3"}, Primary: tt.primary, Technical: tt.technical,
		}); changed != (tt.primary != nil) {
			t.Errorf("%s: news is %t", name, changed)
		}
		if wishes := r.remindFollowUp(); len(wishes) != tt.mails {
			t.Errorf("%s: wished are %v", name, wishes)
		}
	}
}
