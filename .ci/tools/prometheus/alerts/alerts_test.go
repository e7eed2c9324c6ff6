// Package alerts runs the unit tests of the alert rules with Prometheus's own engine, in the notation of promtool's, which
// itself would bring every cloud's service discovery along.
package alerts

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/storage"
	"go.yaml.in/yaml/v3"
)

const folder = "../../../../deploy/observability"

// file is the part of promtool's notation that the tests use.
type file struct {
	RuleFiles []string       `yaml:"rule_files"`
	Interval  model.Duration `yaml:"evaluation_interval"`
	Tests     []struct {
		Name     string         `yaml:"name"`
		Interval model.Duration `yaml:"interval"`
		Series   []struct {
			Series, Values string
		} `yaml:"input_series"`
		Alerts []expectation `yaml:"alert_rule_test"`
	} `yaml:"tests"`
}

type expectation struct {
	At     model.Duration `yaml:"eval_time"`
	Alert  string         `yaml:"alertname"`
	Expect []struct {
		Labels map[string]string `yaml:"exp_labels"`
	} `yaml:"exp_alerts"`
}

func rules(t *testing.T) map[string]rulefmt.Rule {
	t.Helper()
	groups, found := rulefmt.ParseFile(filepath.Join(folder, "alerts.yaml"), false, model.UTF8Validation,
		parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	if len(found) > 0 {
		t.Fatal(found)
	}
	all := map[string]rulefmt.Rule{}
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			all[r.Alert] = r
		}
	}
	return all
}

func TestAlerts(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(folder, "alerts_test.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var f file
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil {
		t.Fatal(err)
	}
	all, fired := rules(t), map[string]bool{}
	for _, test := range f.Tests {
		t.Run(test.Name, func(t *testing.T) {
			load := "load " + test.Interval.String() + "\n"
			for _, s := range test.Series {
				load += "  " + s.Series + " " + s.Values + "\n"
			}
			series := promqltest.LoadedStorage(t, load)
			engine := promqltest.NewTestEngine(t, false, 5*time.Minute, 1_000_000)
			for _, e := range test.Alerts {
				rule, known := all[e.Alert]
				if !known {
					t.Fatalf("there is no alert %s", e.Alert)
				}
				want := []string{}
				for _, x := range e.Expect {
					want = append(want, labels.FromMap(x.Labels).String())
					fired[e.Alert] = true
				}
				if got := firing(t, engine, series, rule, time.Duration(e.At), time.Duration(f.Interval)); !slices.Equal(got, want) {
					t.Errorf("%s at %s fires for %v, want %v", e.Alert, e.At, got, want)
				}
			}
		})
	}
	for name := range all {
		if !fired[name] {
			t.Errorf("no test lets %s fire", name)
		}
	}
}

// firing evaluates a rule every interval up to at, and returns for what it has been true as long as it must be.
func firing(t *testing.T, engine *promql.Engine, q storage.Queryable, rule rulefmt.Rule, at, every time.Duration) []string {
	t.Helper()
	since := map[string]time.Duration{}
	for now := max(0, (at-time.Duration(rule.For)-every)/every*every); now <= at; now += every {
		query, err := engine.NewInstantQuery(context.Background(), q, nil, rule.Expr, time.UnixMilli(now.Milliseconds()))
		if err != nil {
			t.Fatal(err)
		}
		result, err := query.Exec(context.Background()).Vector()
		if err != nil {
			t.Fatal(err)
		}
		active := map[string]bool{}
		for _, sample := range result {
			b := labels.NewBuilder(sample.Metric).Del(labels.MetricName)
			for name, value := range rule.Labels {
				b.Set(name, value)
			}
			key := b.Labels().String()
			active[key] = true
			if _, before := since[key]; !before {
				since[key] = now
			}
		}
		maps.DeleteFunc(since, func(key string, _ time.Duration) bool { return !active[key] })
		query.Close()
	}
	out := []string{}
	for key, from := range since {
		if at-from >= time.Duration(rule.For) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// TestEveryAlertNamesItsSection holds the links against the runbook's headings.
func TestEveryAlertNamesItsSection(t *testing.T) {
	text, err := os.ReadFile("../../../../deploy/RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(string(text), -1) {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading[1])), " ", "-")
		sections["deploy/RUNBOOK.md#"+name] = true
	}
	for name, rule := range rules(t) {
		if !sections[rule.Annotations["runbook"]] {
			t.Errorf("%s names %q, which is no section of the runbook", name, rule.Annotations["runbook"])
		}
		if rule.Annotations["summary"] == "" || rule.Labels["severity"] == "" {
			t.Errorf("%s lacks a summary or a severity", name)
		}
	}
}

// TestEveryMetricIsThere holds the expressions against what the kit registers.
func TestEveryMetricIsThere(t *testing.T) {
	source := ""
	for _, name := range []string{"metrics.go"} {
		text, err := os.ReadFile(filepath.Join("../../../../pkg/kit", name))
		if err != nil {
			t.Fatal(err)
		}
		source += string(text)
	}
	for name, rule := range rules(t) {
		for _, metric := range regexp.MustCompile(`handover_[a-z_]+`).FindAllString(rule.Expr, -1) {
			registered := metric
			for _, suffix := range []string{"_seconds", "_bytes", "_total"} {
				registered = strings.TrimSuffix(registered, suffix)
			}
			if !strings.Contains(source, fmt.Sprintf("%q", strings.Replace(registered, "_", ".", 1))) {
				t.Errorf("%s asks for %s, which nobody measures", name, metric)
			}
		}
	}
}
