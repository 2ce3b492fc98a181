namespace Consometer.Status.Page;

/// <summary>The accounts that hold most. Figures of tenants: only where single accounts are shown.</summary>
internal static class LargestSection
{
    private static readonly string[] Columns = ["Account", "#Bytes", "", "#Objects", "#Containers"];

    public static Html Of(StatusView view)
    {
        if (!view.ShowsAccounts || view.Report is not { Largest: { Count: > 0 } largest, Totals: { } totals })
        {
            return Html.Nothing;
        }

        return Parts.Section(
            "largest",
            "Largest accounts",
            $"They hold {Shown.Percent((double)(largest.Sum(account => (decimal)account.Bytes) / totals.Bytes))} of all bytes.",
            Parts.Table("Largest accounts", Columns, Html.Each(largest, account => Parts.Row(
                Columns,
                Html.Of($"<code>{account.Account}</code>"),
                Parts.Bytes(account.Bytes),
                Parts.Bar((double)account.Bytes / largest[0].Bytes),
                Parts.Count(account.Objects),
                Parts.Count(account.Containers)))));
    }
}
