package accounttransfer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/blob"
	suite "example.com/handover/pkg/config"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/aws/roles"
)

var regionName = regexp.MustCompile(`^[A-Z][0-9A-Z-]{0,19}$`)

// config is the section services.accounttransfer.
type config struct {
	AWS              awsConfig      `yaml:"aws" doc:"how AWS is reached"`
	AccountRequests  requestsConfig `yaml:"account_requests" doc:"how requests for new accounts are reviewed and followed up"`
	Blobs            blob.Config    `yaml:"blobs" doc:"where the files that prove steps are kept"`
	Evidence         evidenceConfig `yaml:"evidence" doc:"the files that prove steps"`
	AccountQuestions int            `yaml:"account_questions" doc:"how many times an hour one person may try to enter an account with validate_only, or enter one that another customer has, at one replica: the answer tells who is a customer"`
}

// evidenceConfig says what of files is taken, and for how long.
type evidenceConfig struct {
	MaxMiB int            `yaml:"max_mib" doc:"most MiB of a file, at most seven, which fits an answer"`
	Keep   suite.Duration `yaml:"keep" doc:"how long a file is kept that was named as evidence; 0: for ever"`
}

// Validate implements the check that the loader runs.
func (c *evidenceConfig) Validate() error {
	switch {
	case c.MaxMiB < 1 || c.MaxMiB > 7:
		return errors.New("max_mib: must be between 1 and 7")
	case c.Keep < 0:
		return errors.New("keep: cannot be negative")
	}
	return nil
}

// awsConfig says how AWS is reached and how much it is asked.
type awsConfig struct {
	aws.Settings   `yaml:",inline"`
	Settle         suite.Duration `yaml:"settle" doc:"after an unanswered call, how long AWS is given before its effect is looked for"`
	CallsPerSecond float64        `yaml:"calls_per_second" doc:"most calls a second that all replicas together make in one payer account"`

	Catalog              string   `yaml:"catalog" doc:"of Partner Central: AWS or Sandbox"`
	PricingPlanARN       string   `yaml:"pricing_plan_arn" doc:"by which a billing group shows the customer its costs"`
	BootstrapRole        string   `yaml:"bootstrap_role" doc:"name of the role that customers deploy, the only access that the reseller gets"`
	BootstrapActions     []string `yaml:"bootstrap_actions" doc:"IAM actions that the role must allow, each looked at by a harmless read; none: only who can enter is looked at"`
	BootstrapTemplateURL string   `yaml:"bootstrap_template_url" doc:"https address of the CloudFormation template that deploys it, with a parameter ExternalId; empty: customers get no link"`
}

// requestsConfig says who reviews requests for new accounts, and how long whom is waited for.
type requestsConfig struct {
	Regions         []regionConfig `yaml:"regions" doc:"where groups of Cloud Support Ops work"`
	ReviewIn        suite.Duration `yaml:"review_in" doc:"until Operations is told that nobody reviews a request"`
	InformationIn   suite.Duration `yaml:"information_in" doc:"until Operations is told that nobody answers a question"`
	InformationEnds suite.Duration `yaml:"information_ends" doc:"until a request whose question nobody answers is rejected"`
	CreateIn        suite.Duration `yaml:"create_in" doc:"until Operations is told that an approved account is not there"`
	FollowUpIn      suite.Duration `yaml:"follow_up_in" doc:"until Operations is told that the steps after the creation are not done"`
}

// regionConfig is one region.
type regionConfig struct {
	Name      string   `yaml:"name" doc:"capital letters, digits and hyphens; what operators' tokens name"`
	Group     string   `yaml:"group" doc:"what its people are called in cases"`
	Countries []string `yaml:"countries" doc:"ISO 3166-1 alpha-2 codes of the customers that are its own; none: all that no other region has"`
	Inbox     string   `yaml:"inbox" doc:"address to which customers may send missing information by mail; empty: this region takes none by mail"`
}

func (c *requestsConfig) regions() (all accountrequest.Regions) {
	for _, r := range c.Regions {
		all = append(all, accountrequest.Region(r))
	}
	return all
}

func (c *requestsConfig) policy() accountrequest.Policy {
	return accountrequest.Policy{
		ReviewIn: c.ReviewIn.Std(), InformationIn: c.InformationIn.Std(), InformationEnds: c.InformationEnds.Std(), CreateIn: c.CreateIn.Std(),
		FollowUpIn: c.FollowUpIn.Std(),
	}
}

// Validate implements the check that the loader runs.
func (c *requestsConfig) Validate() error {
	var found []error
	for key, d := range map[string]suite.Duration{
		"review_in": c.ReviewIn, "information_in": c.InformationIn, "create_in": c.CreateIn, "follow_up_in": c.FollowUpIn,
	} {
		if d.Std() <= 0 {
			found = append(found, errors.New(key+": must be positive"))
		}
	}
	if c.InformationEnds <= c.InformationIn {
		found = append(found, errors.New("information_ends: must be after information_in"))
	}
	for i, r := range c.Regions {
		if !regionName.MatchString(r.Name) || r.Group == "" || len(r.Group) > longestGroup {
			found = append(found, fmt.Errorf("regions[%d]: needs a name of capital letters and a group of at most %d bytes", i, longestGroup))
		}
	}
	return errors.Join(found...)
}

// longestGroup leaves room in the title of a case.
const longestGroup = 50

func requestDefaults() requestsConfig {
	const day = suite.Duration(24 * time.Hour)
	return requestsConfig{
		ReviewIn: 2 * day, InformationIn: 5 * day, InformationEnds: 30 * day, CreateIn: day, FollowUpIn: 7 * day,
		Regions: []regionConfig{
			{Name: "NA", Group: "Cloud Support Ops North America", Countries: []string{"US", "CA"}, Inbox: "account-requests@handover.example"},
			{
				Name: "APJ", Group: "Cloud Support Ops Asia-Pacific and Japan",
				Countries: []string{"AU", "HK", "ID", "IN", "JP", "KR", "MY", "NZ", "PH", "SG", "TH", "TW", "VN"},
			},
			{
				Name: "LATAM", Group: "Cloud Support Ops Latin America",
				Countries: []string{"AR", "BR", "CL", "CO", "CR", "EC", "MX", "PA", "PE", "UY"},
			},
			{Name: "EMEA", Group: "Cloud Support Ops Europe, Middle East and Africa"},
		},
	}
}

func defaults() *config {
	const year = suite.Duration(365 * 24 * time.Hour)
	return &config{
		AccountQuestions: 20, Evidence: evidenceConfig{MaxMiB: 5, Keep: 10 * year}, AccountRequests: requestDefaults(),
		AWS: awsConfig{
			Settings: aws.Settings{Region: "us-east-1", Timeout: suite.Duration(8 * time.Second)},
			Settle:   suite.Duration(10 * time.Second), CallsPerSecond: 5,
			Catalog: "AWS", PricingPlanARN: "arn:aws:billingconductor::aws:pricingplan/BasicPricingPlan", BootstrapRole: "HandoverBootstrapRole",
			BootstrapActions: roles.Probes(),
		},
	}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	if c.AccountQuestions < 1 {
		return errors.New("account_questions: must be positive")
	}
	return nil
}

// Validate implements the check that the loader runs.
func (c *awsConfig) Validate() error {
	found := []error{c.Settings.Validate()}
	if c.Settle.Std() <= 0 {
		found = append(found, errors.New("settle: must be positive"))
	}
	if c.CallsPerSecond <= 0 {
		found = append(found, errors.New("calls_per_second: must be positive"))
	}
	if c.Catalog != "AWS" && c.Catalog != "Sandbox" {
		found = append(found, errors.New("catalog: must be AWS or Sandbox"))
	}
	if !strings.HasPrefix(c.PricingPlanARN, "arn:") {
		found = append(found, errors.New("pricing_plan_arn: must be an ARN"))
	}
	if c.BootstrapRole == "" {
		found = append(found, errors.New("bootstrap_role: must not be empty"))
	}
	for _, action := range c.BootstrapActions {
		if !slices.Contains(roles.Probes(), action) {
			found = append(found, fmt.Errorf("bootstrap_actions: %q cannot be looked at; these can: %s", action, strings.Join(roles.Probes(), ", ")))
		}
	}
	if url := c.BootstrapTemplateURL; url != "" && !strings.HasPrefix(url, "https://") {
		found = append(found, errors.New("bootstrap_template_url: must begin with https://"))
	}
	return errors.Join(found...)
}

// Outward returns the addresses outside of the suite.
func (c *config) Outward() map[string]string {
	return map[string]string{
		"aws.endpoint": c.AWS.Endpoint, "blobs.endpoint": c.Blobs.Endpoint, "aws.bootstrap_template_url": c.AWS.BootstrapTemplateURL,
	}
}
