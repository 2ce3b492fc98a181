using System.CommandLine;

namespace Consometer.Cli;

internal static class DemoCommand
{
    public static Command Make() => new("demo", "A small Swift in a box, and one round over it.");
}
