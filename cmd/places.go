package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
)

// A site is one of the places a command is sent to when --profile or --region name several. An empty part is the usual one.
type site struct{ profile, region string }

func (s site) String() string {
	if s.profile != "" && s.region != "" {
		return s.profile + "@" + s.region
	}
	return s.profile + s.region
}

// several is what a command line asks for in the plural.
type several struct {
	profiles, regions []string // nil where the flag was not given or names one
	every             bool     // --region all: regions that an account has not turned on are no failure
}

// wanted reads the lists of --profile and --region; nil where neither names several.
func (a *app) wanted() (*several, error) {
	var w several
	for flag, into := range map[string]*[]string{config.FlagProfile: &w.profiles, config.FlagRegion: &w.regions} {
		f := a.set.Lookup(flag)
		if f == nil || !f.Changed || f.Value.String() == "" {
			continue
		}
		for name := range strings.SplitSeq(f.Value.String(), ",") {
			if name = strings.TrimSpace(name); name == "" {
				return nil, usage(fmt.Sprintf("--%s %s names one that is empty", flag, f.Value), "separate names by single commas: --"+flag+" one,two")
			}
			if !slices.Contains(*into, name) {
				*into = append(*into, name)
			}
		}
	}
	w.every = slices.Equal(w.regions, []string{"all"})
	switch {
	case !w.every && slices.Contains(w.regions, "all"):
		return nil, usage("--region all stands alone", "leave the other regions out")
	case len(w.profiles) < 2 && len(w.regions) < 2 && !w.every:
		return nil, nil
	}
	for flag, list := range map[string][]string{config.FlagContext: w.profiles, config.FlagEndpoint: append(w.profiles, w.regions...)} {
		if f := a.set.Lookup(flag); f != nil && f.Changed && len(list) > 1 {
			return nil, usage("--"+flag+" is one place, and several are named", "leave one of them out")
		}
	}
	return &w, nil
}

// A visit is one place to go: what the flags would say, what its rows say, and the environment there.
type visit struct {
	site  site
	shown site // the parts of which there are several
	env   *op.Env
}

// visits are the places in the order of the command line, profiles first. Clients and credentials of a profile are shared by its regions, so that a one-time
// code is asked for once.
func (a *app) visits(ctx context.Context, w *several) ([]visit, error) {
	if err := a.withPlace(site{}, func() error { _, err := a.config(); return err }); err != nil {
		return nil, err
	}
	var all []visit
	profiles := w.profiles
	if len(profiles) == 0 {
		profiles = []string{""}
	}
	for _, profile := range profiles {
		env, err := a.envOf(ctx, profile)
		if err != nil {
			return nil, err
		}
		regions := w.regions
		if w.every {
			regions = regionsLike(ctx, env)
		}
		if len(regions) == 0 {
			regions = []string{""}
		}
		for _, region := range regions {
			v := visit{site: site{profile, region}, env: env}
			if region != "" {
				v.env = inRegion(env, region)
			}
			if len(w.profiles) > 1 {
				v.shown.profile = profile
			}
			if len(w.regions) > 1 || w.every {
				v.shown.region = region
			}
			all = append(all, v)
		}
	}
	return all, nil
}

// envOf is the environment of a profile without a region of the command line; "" is that of the command.
func (a *app) envOf(ctx context.Context, profile string) (*op.Env, error) {
	b := *a
	b.real, b.closers, b.loaded = nil, nil, false
	err := a.withPlace(site{profile, ""}, func() error {
		_, err := b.config()
		return err
	})
	if err != nil {
		return nil, err
	}
	if b.cfg.Local { // one store for all of them
		if b.handler, err = a.local(ctx); err != nil {
			return nil, err
		}
	}
	return b.env(ctx)
}

// withPlace does something while --profile and --region name one site.
func (a *app) withPlace(s site, do func() error) error {
	for flag, value := range map[string]string{config.FlagProfile: s.profile, config.FlagRegion: s.region} {
		f := a.set.Lookup(flag)
		before, changed := f.Value.String(), f.Changed
		defer func() { _ = f.Value.Set(before); f.Changed = changed }()
		if err := f.Value.Set(value); err != nil {
			return err
		}
		f.Changed = value != ""
	}
	return do()
}

// regionsLike are all regions of the partition that a profile belongs to, told by its own region; none where it has no clients, which the one call to it will tell.
func regionsLike(ctx context.Context, env *op.Env) []string {
	c, err := env.Clients(ctx, "")
	switch {
	case err != nil:
		return nil
	case strings.HasPrefix(c.Region, "cn-"):
		return []string{"cn-north-1", "cn-northwest-1"}
	case strings.HasPrefix(c.Region, "us-gov-"):
		return []string{"us-gov-east-1", "us-gov-west-1"}
	}
	return allRegions
}

// The annotation of commands that may go to several places, and what a row of theirs is.
const (
	placesKey   = "places"
	placesItems = "items" // rows are items
	placesRows  = "rows"  // rows are objects, or texts that get the name in rowKey
	placesOwn   = "own"   // the command reads the lists itself
	rowKey      = "row"
)

// spread marks a command that only reads and may be sent to several places.
func spread(c *cobra.Command, kind, row string) *cobra.Command {
	if c.Annotations == nil {
		c.Annotations = make(map[string]string)
	}
	c.Annotations[placesKey], c.Annotations[rowKey] = kind, row
	return c
}

// goesTo runs a command in several places, if it names several. done tells that it did.
func (a *app) goesTo(c *cobra.Command) (done bool, err error) {
	if a.visiting != nil {
		return false, nil
	}
	w, err := a.wanted()
	if err != nil || w == nil {
		return false, err
	}
	switch c.Annotations[placesKey] {
	case placesOwn:
		return false, nil
	case placesItems, placesRows:
		return true, a.everywhere(c, w)
	}
	return false, usage("--profile and --region name one place for "+c.CommandPath(), "several, separated by commas, are for commands that read: table list, table describe, query, scan, get, doctor, …")
}
