using System.Globalization;
using Consometer.Daemon;
using Consometer.Delivery.Store;

namespace Consometer.Status.Page;

/// <summary>The outbox by format, the broker, and how full the store is.</summary>
internal static class DeliverySection
{
    private static readonly string[] Columns = ["Format", "Broker", "#Messages", "#Samples", "Oldest"];

    public static Html Of(StatusView view)
    {
        if (view.StoreFailure is not null)
        {
            return Html.Nothing;
        }

        var configured = view.Options.Delivery?.Publications.ToDictionary(publication => publication.Format.Name, publication => publication.Destination.ToString()) ?? [];
        string[] formats = [.. configured.Keys, .. view.Waiting.Select(backlog => backlog.Format).Where(format => !configured.ContainsKey(format))];
        var share = (double)view.UsedBytes / view.Options.StoreMaxBytes;
        return Parts.Section("delivery", "Delivery", "", Html.Of($"""
            {(formats.Length == 0 ? Html.Of($"""<p class="empty">There is no broker: samples are kept in the store for {Configuration.Duration.Show(view.Options.StoreKeep)}.</p>""") : Parts.Table("What waits for the broker", Columns, Html.Each(formats, format => Row(view, format, configured.GetValueOrDefault(format)))))}
            <p class="gauge">Store {Parts.Bar(share)} {Parts.Bytes(view.UsedBytes)} in use, {Shown.Percent(share)} of {Parts.Bytes(view.Options.StoreMaxBytes)}</p>
            """));
    }

    private static Html Row(StatusView view, string format, string? destination)
    {
        var backlog = view.Waiting.FirstOrDefault(backlog => backlog.Format == format) ?? new Backlog(format, 0, 0, "");
        return Parts.Row(
            Columns,
            Html.Of($"{format}<small>{destination ?? "publish.format does not have it: it stays here"}</small>"),
            destination is null ? Html.Nothing : Broker(view.Board.BrokerOf(format)),
            Parts.Count(backlog.Messages),
            Parts.Count(backlog.Samples),
            backlog.Messages == 0 ? Html.Nothing : Oldest(view, DateTimeOffset.Parse(backlog.OldestRound, CultureInfo.InvariantCulture)));
    }

    private static Html Oldest(StatusView view, DateTimeOffset round) => Html.Of($"{Parts.Time(round)}<small>{Shown.Ago(view.Now - round)}</small>");

    private static Html Broker(BrokerState broker)
    {
        var (word, tone) = broker.State switch
        {
            BrokerCondition.Connected => ("connected", "ok"),
            BrokerCondition.Blocked => ("takes nothing", "warn"),
            BrokerCondition.Interrupted => ("interrupted", "alarm"),
            _ => ("not connected yet", "quiet"),
        };
        return Html.Of($"""<span class="{tone}">{word}</span><small>{broker.Detail}{(broker.State is BrokerCondition.Blocked or BrokerCondition.Interrupted ? Html.Of($", since {Parts.Time(broker.Since)}") : Html.Nothing)}</small>""");
    }
}
