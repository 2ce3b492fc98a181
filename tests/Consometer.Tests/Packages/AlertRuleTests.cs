using System.Text.RegularExpressions;
using Consometer.Cli;

namespace Consometer.Tests.Packages;

/// <summary>The alerts against what there is to alert on. Whether they fire is for promtool, in a scenario.</summary>
public sealed partial class AlertRuleTests
{
    private static readonly YamlTree[] Rules =
        [.. Assert.Single(YamlTree.Load("etc", "prometheus", "consometer.rules.yml"))["groups"].Items.SelectMany(group => group["rules"].Items)];

    private static readonly YamlTree[] Cases = [.. Assert.Single(YamlTree.Load("etc", "prometheus", "consometer.rules.test.yml"))["tests"].Items];

    [Fact]
    public void They_and_their_cases_go_by_metrics_that_there_are()
    {
        Assert.All(Rules, rule => MetricNames.AssertKnown(rule["expr"].Text));
        Assert.All(Cases.SelectMany(test => test["input_series"].Items), series => MetricNames.AssertKnown(series["series"].Text));
    }

    [Fact]
    public void Each_says_how_bad_it_is_what_it_is_and_what_to_do()
    {
        Assert.InRange(Rules.Length, 9, int.MaxValue);
        Assert.All(Rules, rule =>
        {
            Assert.Matches("^(critical|warning)$", rule["labels"]["severity"].Text);
            Assert.InRange(rule["annotations"]["summary"].Text.Length, 10, 120);
            Assert.InRange(rule["annotations"]["description"].Text.Length, 80, 600);
        });
    }

    /// <summary>A case that names no alert would be one of nothing: promtool is content with it.</summary>
    [Fact]
    public void Each_has_a_case_in_which_it_fires_and_one_in_which_it_does_not()
    {
        var alerts = Rules.Select(rule => rule["alert"].Text).Order().ToArray();
        var named = Cases.SelectMany(test => Items(test, "alert_rule_test"))
            .Select(test => (Alert: test["alertname"].Text, Fires: test["exp_alerts"].Items.Any())).ToArray();
        var series = Cases.SelectMany(test => Items(test, "promql_expr_test")).SelectMany(test => test["exp_samples"].Items)
            .Select(sample => FiringAlert().Match(sample["labels"].Text).Groups["name"].Value).ToArray();

        Assert.Equal(alerts, alerts.Distinct());
        Assert.Equal(alerts, named.Where(test => test.Fires).Select(test => test.Alert).Concat(series).Distinct().Order());
        Assert.Equal(alerts, named.Where(test => !test.Fires).Select(test => test.Alert).Distinct().Order());
    }

    /// <summary>Whoever is woken types what is said there.</summary>
    [Fact]
    public void The_commands_they_name_are_the_program_s()
    {
        var commands = Rules.SelectMany(rule => NamedCommand().Matches(rule["annotations"]["description"].Text)).Select(match => match.Groups["arguments"].Value).ToArray();

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Empty(ConsometerCommand.Make().Parse(command.Split(' ')).Errors));
    }

    private static IEnumerable<YamlTree> Items(YamlTree test, string key) => test.Has(key) ? test[key].Items : [];

    [GeneratedRegex("""alertname="(?<name>\w+)",""" + " alertstate=\"firing\"")]
    private static partial Regex FiringAlert();

    [GeneratedRegex("`consometer (?<arguments>[^`]+)`")]
    private static partial Regex NamedCommand();
}
