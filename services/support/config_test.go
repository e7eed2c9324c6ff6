package support

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	suite "example.com/handover/pkg/config"
)

// TestSettings: which ways to log in make sense, and that the sandbox's password is for the sandbox.
func TestSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"{}": "",
		"{servicenow: {url: 'https://example.service-now.com', password: " + file + "}}":                    "",
		"{servicenow: {url: 'https://example.service-now.com', client_id: c, client_secret: " + file + "}}": "",
		"{servicenow: {url: 'https://example.service-now.com'}}":                                            "password: a real instance",
		"{servicenow: {client_id: c}}": "client_id: needs client_secret",
		"{servicenow: {client_id: c, client_secret: " + file + ", password: " + file + "}}": "password: is of no use",
		"{servicenow: {url: example.service-now.com}}":                                      "url: is no http or https address",
		"{servicenow: {table: problem}}":                                                    "table: is neither",
		"{servicenow: {user: '', resolution_code: '', timeout: 0s, calls_per_hour: 0}}":     "user: name the technical user",
		"{portal_url: portal}": "portal_url: is no http or https address",
	} {
		c := defaults()
		err := suite.Decode([]byte(text), c)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if err == nil && strings.Contains(text, file) {
			if client := c.ServiceNow.client(nil); client.Password() != "hush" && client.ClientSecret() != "hush" {
				t.Errorf("%s: the secret is not used", text)
			}
		}
	}
}
