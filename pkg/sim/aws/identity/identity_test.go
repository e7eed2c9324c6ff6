package identity_test

import (
	"regexp"
	"testing"
	"time"

	"example.com/handover/pkg/sim/aws/identity"
)

func TestAccessKeyEncodesItsAccount(t *testing.T) {
	form := regexp.MustCompile(`^AKIA[A-Z2-7]{16}$`)
	for _, account := range []string{"000000000000", "000000000001", "123456789012", "999999999999"} {
		key := identity.AccessKey(account)
		if !form.MatchString(key) {
			t.Errorf("%s is no access key id of AWS's form", key)
		}
		if got, ok := identity.AccountOf(key); !ok || got != account {
			t.Errorf("%s became %s", account, got)
		}
	}
	for _, account := range []string{"", "12345", "1234567890123", "12345678901x", "-12345678901"} {
		if key := identity.AccessKey(account); key != "" {
			t.Errorf("%q has the key %s", account, key)
		}
	}
	for _, key := range []string{"", "AKIA", "AKIAIOSFODNN7EXAMPLE", "AKIA7777777777777777", "XXXXAAAAAAAAHANDOVER"} {
		if account, ok := identity.AccountOf(key); ok {
			t.Errorf("%q is of account %s", key, account)
		}
	}
}

func TestSessionTravelsInItsToken(t *testing.T) {
	s := identity.NewSession("123456789012", "team/Reader", "job", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	got, ok := identity.ParseToken(s.Token())
	if !ok || got != s {
		t.Errorf("got %+v", got)
	}
	if account, _ := identity.AccountOf(s.AccessKey); account != "123456789012" || !identity.IsTemporary(s.AccessKey) {
		t.Errorf("key %s is of %s", s.AccessKey, account)
	}
	if arn := s.ARN("aws"); arn != "arn:aws:sts::123456789012:assumed-role/Reader/job" {
		t.Error(arn)
	}
	for _, token := range []string{"", "x", "e30"} {
		if _, ok := identity.ParseToken(token); ok {
			t.Errorf("%q is a token", token)
		}
	}
}
