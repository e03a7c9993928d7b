package main

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/labeling"
)

//go:embed report.html
var reportPage string

func (p *program) projectReport() *cobra.Command {
	var r remote
	page, asJSON := "", false
	cmd := &cobra.Command{
		Use: "report PROJECT", Short: "Report on the quality of a project's labels", Args: cobra.ExactArgs(1),
		Example: `  tasknet project report prj_06gz...
  tasknet project report prj_06gz... --html report.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			raw, err := requester.Report(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			var report labeling.Report
			if err := json.Unmarshal(raw, &report); err != nil {
				return err
			}
			if page == "" || asJSON {
				return p.printJSON(report)
			}
			c, err := r.client(0)
			if err != nil {
				return err
			}
			shown, err := items(cmd.Context(), r.server, c, requester, report.Disputed)
			if err != nil {
				return err
			}
			var out strings.Builder
			if err := reportTemplate.Execute(&out, reportView{&report, timesPlot(&report), usedPlot(&report), shown}); err != nil {
				return err
			}
			if err := os.WriteFile(page, []byte(out.String()), 0o644); err != nil {
				return usagef("--html: %v", err)
			}
			return p.printf("The report on %d tasks is in %s\n", report.Tasks, page)
		},
	}
	cmd.Flags().StringVar(&page, "html", "", "write a page to this `file` (default: JSON to standard output)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, which is the default")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// reportView is a report with what only its page shows.
type reportView struct {
	*labeling.Report
	Times, Used *plot
	Items       []disputed
}

// reportTemplate writes a reportView as a page that needs nothing else.
var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"percent": func(x float64) float64 { return 100 * x },
	"reason": func(reason string) string {
		switch reason {
		case "none":
			return "no reason given"
		case "not_for_me":
			return "not for them"
		}
		return strings.ReplaceAll(reason, "_", " ") // wrong choices
	},
	"most": func(counts []int) int {
		most := 1
		for _, n := range counts {
			most = max(most, n)
		}
		return most
	},
	"of": func(n, all int) float64 { return 100 * float64(n) / float64(max(all, 1)) },
	"sum": func(counts []int) int {
		sum := 0
		for _, n := range counts {
			sum += n
		}
		return sum
	},
	"times10": func(i int) int { return 10 * i },
	"value":   func(x *float64) float64 { return *x },
	"place":   func(i int) int { return i + 1 },
	"choice": func(choices []string, i int) string {
		if i >= 0 && i < len(choices) {
			return choices[i]
		}
		return "none"
	},
}).Parse(reportPage))
