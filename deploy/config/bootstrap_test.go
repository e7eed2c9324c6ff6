package config_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The role that the template makes is the one that AccountTransfer looks for, and it is safe: it asks for the external
// id that the link carries.
func TestBootstrapTemplateMakesASafeRole(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "deploy", "aws", "bootstrap-role.json"))
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Parameters map[string]struct{ Default string }
		Resources  map[string]struct {
			Type       string
			Properties struct {
				AssumeRolePolicyDocument struct {
					Statement []struct {
						Action    string
						Condition map[string]map[string]map[string]string
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	const looked = "HandoverBootstrapRole" // services.accounttransfer.aws.bootstrap_role
	if got := template.Parameters["RoleName"].Default; got != looked {
		t.Errorf("the template makes %s", got)
	}
	if given, there := template.Parameters["ExternalId"]; !there || given.Default != "" {
		t.Error("the external id must come from the link")
	}
	for _, s := range template.Resources["Role"].Properties.AssumeRolePolicyDocument.Statement {
		if s.Action != "sts:AssumeRole" || s.Condition["StringEquals"]["sts:ExternalId"]["Ref"] != "ExternalId" {
			t.Errorf("%v", s)
		}
	}
}
