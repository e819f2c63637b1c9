(** Lemma 1 without a spectrum: gradient flow on the top layer of a finite network.

    The student is [f(t) = sum_i w_i(t) sigma_i]. Its weights solve [w' = -(1/2) grad] of the
    population loss on the labels [fT], that is [w_i' = <sigma_i, fT - f>], from [w = 0]. No
    eigenvectors, no genericity, any features: the residual correlations [g_i = <sigma_i, fT - f>]
    satisfy [<g(s), g(t)> = |g((s+t)/2)|^2], because the Gram is symmetric. *)
From W2S Require Import InnerSpace Shrinkage.

Lemma mean_value (f df : R -> R) (a b : R) :
  a <= b -> (forall t, a <= t <= b -> is_derive f t (df t)) ->
  exists c, a <= c <= b /\ f b = f a + df c * (b - a).
Proof.
  intros Hab D. destruct (MVT_gen f a b df) as (c & C & E);
    try (intros t Ht; rewrite Rmin_left, Rmax_right in Ht by trivial).
  - apply D. lra.
  - apply derivable_continuous_pt. exists (df t). now apply is_derive_Reals, D.
  - exists c. rewrite Rmin_left, Rmax_right in C by trivial. lra.
Qed.
Lemma is_derive_rsum (f df : nat -> R -> R) (n : nat) (t : R) :
  (forall i, (i < n)%nat -> is_derive (f i) t (df i t)) ->
  is_derive (fun t => rsum (fun i => f i t) n) t (rsum (fun i => df i t) n).
Proof.
  induction n; intro H; cbn; [apply @is_derive_const |].
  apply @is_derive_plus; [apply IHn |]; auto with arith.
Qed.

Section TopLayerFlow.
Context {V : inner_space} (features : nat -> V) (width : nat) (fT : V) (w : nat -> R -> R).

Definition network (t : R) : V := vsum (fun i => w i t) features width.
Definition residual (i : nat) (t : R) : R := ip (features i) (vsub fT (network t)).

Definition gradient_flow : Prop :=
  forall i, (i < width)%nat ->
    w i 0 = 0 /\ forall t, 0 <= t -> is_derive (w i) t (residual i t).

Hypothesis Hflow : gradient_flow.

(** [g' = - Gram g]. *)
Let velocity (t : R) : V := vsum (fun i => residual i t) features width.
Lemma residual_ode i t : 0 <= t -> is_derive (residual i) t (- ip (velocity t) (features i)).
Proof using Hflow.
  intro Ht. apply (is_derive_ext
    (fun t => ip fT (features i) - rsum (fun j => w j t * ip (features j) (features i)) width)).
  { intro. unfold residual, network. rewrite <- ip_vsum. expand. apply Rminus_diag_uniq. ring. }
  unfold velocity. rewrite ip_vsum, <- Rminus_0_l.
  apply @is_derive_minus; [apply @is_derive_const |].
  apply (is_derive_rsum (fun j t => w j t * _) (fun j t => residual j t * _)). intros j Hj.
  apply (is_derive_ext (fun t => scal (w j t) (ip (features j) (features i)))); [reflexivity |].
  apply @is_derive_scal_l, Hflow; trivial.
Qed.
Lemma velocity_ip s t :
  rsum (fun i => ip (velocity s) (features i) * residual i t) width = ip (velocity s) (velocity t).
Proof using.
  rewrite (ip_sym V (velocity s)). unfold velocity at 2. rewrite ip_vsum. apply rsum_ext. intros i _.
  rewrite (ip_sym V (features i)). ring.
Qed.

(** [<g(s), g(t)> = |g((s + t) / 2)|^2]: [<g(m - r), g(m + r)>] does not depend on [r]. *)
Lemma residual_positive s t :
  0 <= s <= t -> 0 <= rsum (fun i => residual i t * residual i s) width.
Proof using Hflow.
  intros [S0 S1]. pose (m := (s + t) / 2). pose (r := (t - s) / 2).
  replace t with (m + r) by (unfold m, r; field). replace s with (m - r) by (unfold m, r; field).
  pose (A := fun i u => ip (velocity u) (features i)).
  destruct (mean_value (fun x => rsum (fun i => residual i (m + x) * residual i (m - x)) width)
    (fun x => rsum (fun i => A i (m - x) * residual i (m + x) - A i (m + x) * residual i (m - x)) width)
    0 r ltac:(unfold r; lra)) as (c & _ & E).
  - intros x Hx. apply (is_derive_rsum (fun i x => residual i (m + x) * residual i (m - x))
      (fun i x => _ - _)).
    intros i Hi. assert (D1 := residual_ode i (m - x) ltac:(unfold m, r in *; lra)).
    assert (D2 := residual_ode i (m + x) ltac:(unfold m, r in *; lra)).
    auto_derive; [repeat split; eexists; eassumption |].
    change (m + - x) with (m - x). change (fun x => residual i x) with (residual i).
    rewrite (is_derive_unique _ _ _ D1), (is_derive_unique _ _ _ D2). unfold A. ring.
  - unfold A in E. rewrite rsum_minus, !velocity_ip, (ip_sym V (velocity (m + c))), Rminus_eq_0,
      Rmult_0_l, Rplus_0_r, Rplus_0_r, Rminus_0_r in E. rewrite E.
    apply rsum_pos. intros. apply Rle_0_sqr.
Qed.

(** [lem-1] Gradient flow on the top layer is shrinkage optimal at every time. *)
Theorem lem_1_flow (t : R) : 0 <= t -> shrinkage_optimal fT (network t).
Proof using Hflow.
  intro Ht. apply shrinkage_iff_ip. unfold network at 1. rewrite ip_vsum.
  destruct (mean_value (fun s => rsum (fun i => residual i t * w i s) width)
    (fun s => rsum (fun i => residual i t * residual i s) width) 0 t Ht) as (s & Hs & E).
  - intros s Hs. apply (is_derive_rsum (fun i s => residual i t * w i s) (fun i s => _ * _)).
    intros i Hi. apply is_derive_scal, Hflow; lra || trivial.
  - rewrite (rsum_ext _ (fun i => residual i t * w i t)) by (intros; apply Rmult_comm). rewrite E.
    rewrite (rsum_ext (fun i => _ * w i 0) (fun i => 0 * residual i t)), rsum_scal by
      (intros i Hi; rewrite (proj1 (Hflow i Hi)); ring).
    pose proof (residual_positive s t Hs). nra.
Qed.
End TopLayerFlow.
