package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet"
)

// finish makes a command, and those below it, say what is wrong with a command line in our words, and print examples that
// can be typed.
func (p *program) finish(cmd *cobra.Command) {
	cmd.SuggestionsMinimumDistance = 2 // letters
	cmd.Example = ownName.ReplaceAllString(cmd.Example, "${1}"+p.name+" ")
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			switch {
			case cmd.HasSubCommands() && len(args) > 0:
				return noCommand(cmd, args)
			case check(cmd, args) != nil:
				return wrongArguments(cmd, args)
			}
			return nil
		}
	}
	for _, each := range cmd.Commands() {
		p.finish(each)
	}
}

// ownName is where an example calls the program.
var ownName = regexp.MustCompile(`(^|\s)tasknet `)

// noCommand says that a command has none below it of a name.
func noCommand(cmd *cobra.Command, args []string) error {
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") {
			continue
		}
		if near := cmd.SuggestionsFor(arg); len(near) > 0 {
			return usagef("there is no command %q; did you mean %s?", arg, strings.Join(near, " or "))
		}
		return usagef("there is no command %q", arg)
	}
	return usagef("name the command")
}

// wrongArguments says how many words a command takes.
func wrongArguments(cmd *cobra.Command, args []string) error {
	wanted := strings.Fields(strings.TrimPrefix(cmd.Use, cmd.Name()))
	switch {
	case len(args) < len(wanted):
		return usagef("%s is missing; write %s", wanted[len(args)], strings.TrimSuffix(cmd.UseLine(), " [flags]"))
	case len(wanted) == 0:
		return usagef("%q is one word too many; %s takes flags only", args[0], cmd.CommandPath())
	}
	return usagef("%q is one word too many; write %s, with quotes around what has spaces", args[len(wanted)], strings.TrimSuffix(cmd.UseLine(), " [flags]"))
}

// flagError says what is wrong with the flags of a command.
func flagError(cmd *cobra.Command, err error) error {
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 {
		return noCommand(cmd, cmd.Flags().Args())
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + e.GetSpecifiedName()
		if short := e.GetSpecifiedShortnames(); short != "" {
			name = "-" + short
		}
		return usagef("%s has no flag %s; flags of more than one letter have two dashes", cmd.CommandPath(), name)
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return usagef("--%s needs a value after it: %s", e.GetFlag().Name, wantedValue(e.GetFlag()))
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usagef("%s", unfitValue("--"+e.GetFlag().Name, err))
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return usagef("%s is no flag; write --name value, or --name=value", e.GetSpecifiedFlag())
	}
	return err
}

// unfitValue says what value a flag takes, which goes by a name on the command line or in the environment.
func unfitValue(name string, err error) string {
	e, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return name + ": " + err.Error()
	}
	if known, ok := errors.AsType[*tasknet.Error](err); ok {
		return name + ": " + known.Message
	}
	return name + " takes " + wantedValue(e.GetFlag()) + ", and not " + e.GetValue()
}

// wantedValue says what the value of a flag is.
func wantedValue(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number, such as 3"
	case "intSlice":
		return "whole numbers with commas between them, such as 10,100"
	case "uint64":
		return "a whole number from 0 on, such as 3"
	case "float64":
		return "a number, such as 0.95"
	case "duration":
		return "a time, such as 90s, 10m or 24h"
	case "tokens":
		return "an amount, such as 0.05"
	}
	_, usage := pflag.UnquoteUsage(f)
	return usage
}
