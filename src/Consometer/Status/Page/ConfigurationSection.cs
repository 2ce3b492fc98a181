namespace Consometer.Status.Page;

/// <summary>The configuration in use, without secrets.</summary>
internal static class ConfigurationSection
{
    public static Html Of(StatusView view) => Parts.Section("configuration", "Configuration", "What is in effect, defaults too, without secrets.", Html.Of($"""
        <details><summary>Show it</summary><dl class="keys">{Html.Each(ConfigurationListing.Of(view.Options), key => Html.Of($"<div><dt>{key.Key}</dt><dd>{(key.Value.Length == 0 ? Html.Of($"<i>none</i>") : Parts.Text(key.Value))}</dd></div>"))}</dl></details>
        """));
}
