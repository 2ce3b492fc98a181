namespace Consometer.Scenarios.Status;

/// <summary>Looks for text that is hard to read (WCAG 2.2, 1.4.3: 4.5 to 1).</summary>
internal static class Contrast
{
    /// <summary>To be run in a page; gives what falls short, as text. That some text was there is asserted first.</summary>
    public const string Script = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgba = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
          const luminance = color => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
            const part = color[i] / 255;
            return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4); }, 0);
          const ground = element => { const color = rgba(getComputedStyle(element).backgroundColor); return color[3] ? color : ground(element.parentElement); };
          const texts = [...document.body.querySelectorAll('*')].filter(element =>
            !element.closest('svg') && element.checkVisibility() && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
          if (texts.length < 50) return [`only ${texts.length} texts`];
          return texts.map(element => {
            const [one, other] = [luminance(rgba(getComputedStyle(element).color)), luminance(ground(element))];
            return [(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), element.textContent.trim().slice(0, 30)];
          }).filter(([ratio]) => ratio < 4.5).map(([ratio, text]) => `${ratio.toFixed(2)} ${text}`);
        }
        """;
}
