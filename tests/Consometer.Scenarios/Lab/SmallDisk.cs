using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>A file system of its own, small enough to be filled, until disposed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Skips the test where nothing can be mounted.</summary>
    /// <param name="folder">Where it is mounted; made if it is not there.</param>
    /// <param name="mebibytes">Its size.</param>
    public static async Task<SmallDisk> MountAsync(string folder, int mebibytes)
    {
        Directory.CreateDirectory(folder);
        var run = await Programs.OtherAsync("mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m,mode=755", "tmpfs", folder]);
        Assert.SkipWhen(run.ExitCode != 0, $"nothing can be mounted here: {run.Errors}");
        return new SmallDisk(folder);
    }

    /// <summary>No byte is left for anybody.</summary>
    public void Fill()
    {
        var zeros = new byte[1 << 16];
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                filler.Write(zeros);
            }
        }
        catch (IOException)
        {
            // That was the last of it; a write that fits in part writes that part.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    /// <summary>Nobody makes a file there whose right to it is the mode's; what is open stays open.</summary>
    public Task ForbidFilesAsync() => SetModeAsync("u-w");

    public Task AllowFilesAsync() => SetModeAsync("u+w");

    public async ValueTask DisposeAsync() => (await Programs.OtherAsync("umount", [_folder])).Succeeded();

    private async Task SetModeAsync(string mode) => (await Programs.OtherAsync("chmod", [mode, _folder])).Succeeded();
}
