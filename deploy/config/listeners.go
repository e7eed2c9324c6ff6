package config

import (
	"fmt"

	"example.com/handover/pkg/kit"
)

// Listeners are where the simulators of a sandbox listen, each a host:port of loopback.
type Listeners struct {
	AWS, ServiceNow string
	SMTP, MailPage  string
}

// All are the listeners, to be given their addresses.
func (l *Listeners) All() []*string { return []*string{&l.AWS, &l.ServiceNow, &l.SMTP, &l.MailPage} }

// FreeListeners returns listeners on free ports.
func FreeListeners() (Listeners, error) {
	var l Listeners
	err := kit.FreeAddresses(l.All()...)
	return l, err
}

// Settings are the keys that name the listeners, on both sides, and their values. A process that does not host a service
// leaves its keys out.
func (l Listeners) Settings(service string) map[string]string {
	switch service {
	case "accounttransfer", "billing":
		return map[string]string{"services." + service + ".aws.endpoint": "http://" + l.AWS}
	case "support":
		return map[string]string{"services.support.servicenow.url": "http://" + l.ServiceNow}
	case "notifications":
		return map[string]string{"services.notifications.smtp.address": l.SMTP}
	case "sandbox":
		return map[string]string{
			"services.sandbox.aws.listen": l.AWS, "services.sandbox.servicenow.listen": l.ServiceNow,
			"services.sandbox.mail.smtp": l.SMTP, "services.sandbox.mail.http": l.MailPage,
		}
	}
	return nil
}

// Sections configures all services of one process, as YAML, with the short time-outs that tests need: settle is how long
// an unanswered call is given.
func (l Listeners) Sections(settle string) string {
	return fmt.Sprintf(sections, l.AWS, l.ServiceNow, l.SMTP, l.MailPage, settle)
}

const sections = `
services:
  accounttransfer:
    aws:
      endpoint: http://%[1]s
      static_access_key: AKIARESELLER00000000
      timeout: 2s
      settle: %[5]s
      calls_per_second: 1000
  billing:
    margin_floor: "-10"
    aws:
      endpoint: http://%[1]s
      static_access_key: AKIARESELLER00000000
      timeout: 2s
      calls_per_second: 1000
  support:
    portal_url: https://services.handover.example
    servicenow:
      url: http://%[2]s
      calls_per_hour: 3600000
      settle: %[5]s
      late: %[5]s
  notifications:
    settle: %[5]s
    smtp:
      address: %[3]s
  sandbox:
    aws:
      listen: %[1]s
    servicenow:
      listen: %[2]s
    mail:
      smtp: %[3]s
      http: %[4]s
`
