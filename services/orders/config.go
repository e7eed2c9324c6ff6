package orders

import "fmt"

// config is the section services.orders.
type config struct {
	TimelineSources []string `yaml:"timeline_sources" doc:"services whose events make up a timeline"`
}

func defaults() *config {
	return &config{TimelineSources: []string{name, "accounttransfer"}}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	if len(c.TimelineSources) == 0 {
		return fmt.Errorf("timeline_sources: name at least one service")
	}
	return nil
}
