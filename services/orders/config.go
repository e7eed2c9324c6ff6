package orders

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	suite "example.com/handover/pkg/config"
	"example.com/handover/services/orders/internal/link"
)

// config is the section services.orders.
type config struct {
	Sources     []string       `yaml:"sources" doc:"services that are asked for their part of a timeline and of the list of what needs us; one that is not deployed is named as missing"`
	LinkBase    string         `yaml:"link_base" doc:"what links in mails begin with: the outside address of the gateway"`
	LinkKey     suite.Secret   `yaml:"link_key" doc:"file with at least 32 characters that links are signed with, the same for every replica; another key ends the links that are out. Without one a sandbox makes its own in its data folder, and nothing else starts"`
	LinkLife    suite.Duration `yaml:"link_life" doc:"how long a link works, in business time"`
	ReviewIn    suite.Duration `yaml:"review_in" doc:"how long, in business time, Operations may take to review a termination or a change before it is reminded"`
	ChangeLapse suite.Duration `yaml:"change_lapse" doc:"when, in business time, a change ends that Operations has not reviewed"`

	AccountQuestions int `yaml:"account_questions" doc:"how many times an hour one person may try a submission with validate_only, or submit for an account that another customer has, at one replica: the answer tells who is a customer"`
}

// peers are the services that orders calls; each has its part of a timeline and of the list of what needs us, as orders itself has.
func peers() []string {
	return []string{name, "accounttransfer", "support", "notifications", "billing"}
}

func defaults() *config {
	return &config{
		Sources:     peers(),
		LinkBase:    "http://127.0.0.1:8080",
		LinkLife:    suite.Duration(14 * 24 * time.Hour),
		ReviewIn:    suite.Duration(72 * time.Hour),
		ChangeLapse: suite.Duration(30 * 24 * time.Hour),

		AccountQuestions: 20,
	}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	var found []error
	if len(c.Sources) == 0 {
		found = append(found, errors.New("sources: name at least one service"))
	}
	for _, source := range c.Sources {
		if !slices.Contains(peers(), source) {
			found = append(found, fmt.Errorf("sources: %q is none of %s", source, strings.Join(peers(), ", ")))
		}
	}
	if u, err := url.Parse(c.LinkBase); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		found = append(found, fmt.Errorf("link_base: %q is no address of a web server", c.LinkBase))
	}
	if key := c.LinkKey.Value(); c.LinkKey.IsSet() && len(key) < link.MinKey {
		found = append(found, fmt.Errorf("link_key: the file holds %d characters, fewer than %d", len(key), link.MinKey))
	}
	if c.LinkLife.Std() < time.Hour {
		found = append(found, errors.New("link_life: shorter than an hour"))
	}
	if c.ReviewIn.Std() < time.Hour {
		found = append(found, errors.New("review_in: shorter than an hour"))
	}
	if c.ChangeLapse.Std() <= c.ReviewIn.Std() {
		found = append(found, errors.New("change_lapse: not longer than review_in, so that nobody would be reminded"))
	}
	if c.AccountQuestions < 1 {
		found = append(found, errors.New("account_questions: must be positive"))
	}
	return errors.Join(found...)
}

// signer makes the one who signs links. A key that was made up on a live system would end every link when its folder is
// lost, and differ between replicas, so only a sandbox gets one.
func (c *config) signer(sandbox bool, folder string) (*link.Signer, error) {
	key := c.LinkKey.Value()
	if !c.LinkKey.IsSet() {
		if !sandbox {
			return nil, errors.New("link_key: name the file with the key that links are signed with")
		}
		var err error
		if key, err = link.OpenKey(folder); err != nil {
			return nil, fmt.Errorf("link_key: %w", err)
		}
	}
	return link.NewSigner(key)
}

// Outward returns the addresses outside of the suite.
func (c *config) Outward() map[string]string { return map[string]string{"link_base": c.LinkBase} }
