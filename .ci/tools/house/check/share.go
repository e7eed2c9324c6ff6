package main

import (
	"fmt"
	"strings"
)

// The shares that fail. That of pkg comes to its goal as the services deepen; until then identities, permissions and health,
// which know no business, may take it to its limit.
const (
	maxPkgShare, goalPkgShare = 30, 20
	minTestRatio              = 0.90
)

// sums are the lines of the repository by what they are for.
type sums struct{ product, pkg, test int }

func (c *code) sums() sums {
	var s sums
	for _, d := range c.dirs {
		if strings.HasPrefix(d.path, ".ci") {
			continue
		}
		for _, f := range d.files {
			switch {
			case d.support:
				s.test += f.lines
			case strings.HasPrefix(f.path, "pkg/") && !strings.HasPrefix(f.path, "pkg/sim/"):
				s.pkg += f.lines
				s.product += f.lines
			default:
				s.product += f.lines
			}
		}
		for _, f := range d.tests {
			s.test += f.lines
		}
	}
	return s
}

// pkgShare measures how much of the product's code knows no rule of the business.
func pkgShare(c *code) result {
	s := c.sums()
	share := float64(s.pkg) * 100 / float64(max(s.product, 1))
	return result{measured: fmt.Sprintf("%.1f %% of %d lines", share, s.product), broken: share > maxPkgShare}
}

// testRatio measures how many lines of test stand beside a line of product.
func testRatio(c *code) result {
	s := c.sums()
	ratio := float64(s.test) / float64(max(s.product, 1))
	return result{measured: fmt.Sprintf("%.2f, %d lines of test", ratio, s.test), broken: s.product > 0 && ratio < minTestRatio}
}
