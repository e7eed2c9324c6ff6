package notifications

import (
	"testing"

	"example.com/handover/pkg/text"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
)

// TestAForgottenSecret: a mail that showed a secret cannot be sent again when it failed, so that nobody is told to.
func TestAForgottenSecret(t *testing.T) {
	t.Parallel()
	for want, secrets := range map[string]map[string]string{
		"remedy.new_secret.what": {"link": "https://example.com/1"}, "wait.decide.what": nil,
	} {
		w := notification.Wish{Recipient: people.Recipient{PersonID: "per_1"}, Secrets: secrets}
		n, _, err := notification.New("ntf_1", w, false, "example.com")
		if err != nil {
			t.Fatal(err)
		}
		n.GiveUp(notification.Failure{Code: notification.ProviderRefused})
		if got := toWaiting(text.Bare{}, n); got.GetWhat() != want {
			t.Errorf("with %v it says %v, want %s", secrets, got, want)
		}
	}
}
